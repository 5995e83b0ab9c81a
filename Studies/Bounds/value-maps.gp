# size 720x420
# The value of every place for the next glimpse, one row for each scene: the scene itself, then a map for each glimpse,
# with the place that the policy chose.
# Reads scenes.csv: scene, row, column, value; values.csv: scene, glimpse, x, y, probability; glimpses.csv: scene,
# glimpse, x, y.

load style
file = data.'/values.csv'
pictures = data.'/scenes.csv'
looks = data.'/glimpses.csv'

scenes = 0
last = 2
all = 0
stats file using (all = all + 1, scenes = larger(scenes, column('scene')), last = larger(last, column('glimpse')), 0) nooutput
side = 1
stats pictures using (side = larger(side, column('row') + 1), 0) nooutput
across = last

# MARK: - Layout, in pixels of the SVG

edge = 14.0
bar = 66.0
gap = 8.0
head = 78.0
cell = (width - edge - bar) / across - gap
height = head + (cell + gap) * scenes + 14
eval resize(int(width), int(height))

set cbrange [0:1]
box = sprintf('set colorbox user origin screen %g, screen %g size screen %g, screen %g noborder', \
  (width - bar + 4) / width, 14 / height + gap / height, 12 / width, (height - head - 14 - gap) / height)
unset key
unset grid
unset tics
set cbtics 0.25 format '%g' scale 0
set border 15 lc rgb '#8a8a8a' lw 0.6
set yrange [1:-1]
set xrange [-1:1]
here(p) = -1 + (p + 0.5) * 2 / side
# The number of places in a map, and where a map starts in the table.
places = all / (scenes * last)
first(s, g) = ((s - 1) * last + g - 1) * places
chosen(s, g) = (s - 1) * last + g - 1

set multiplot
set label 1 title.': p(right class) by the next place' at screen 0.02, 1 - 20 / height left font ',15' textcolor rgb ink
set label 3 whose.', '.trained at screen 0.02, 1 - 40 / height left textcolor rgb soft
do for [s = 1:scenes] {
  do for [g = 1:last] {
    start = edge + (cell + gap) * (g - 1)
    ceiling = height - head - (cell + gap) * (s - 1)
    eval beside(start, cell)
    eval below(ceiling, cell)
    if (s == 1) {
      set label 2 (g == 1 ? 'scene' : sprintf('glimpse %d', g)) at graph 0.5, screen (ceiling + 12) / height center \
        font ',11' textcolor rgb ink
    }
    if (g == 1) {
      set palette gray
      unset colorbox
      plot pictures every ::((s - 1) * side * side)::(s * side * side - 1) \
        using (here(column('column'))):(here(column('row'))):(column('value')) with image
    } else {
      eval viridis
      if (s == 1 && g == last) { eval box }
      plot file every ::first(s, g)::(first(s, g) + places - 1) using (column('x')):(column('y')):(column('probability')) \
          with image, \
        looks every ::chosen(s, g)::chosen(s, g) using (column('x')):(column('y')) \
          with points pt 6 ps 1.3 * mark lw 2.6 lc rgb 'white', \
        looks every ::chosen(s, g)::chosen(s, g) using (column('x')):(column('y')) \
          with points pt 6 ps 1.3 * mark lw 1.1 lc rgb 'black'
    }
    unset label
    unset colorbox
  }
}
unset multiplot
