# size 720x360
# Where the network looks: a histogram of glimpse locations per condition, all on one scale of colours.
# Reads fixations.csv: condition, glimpse, x, y, in [-1, 1] from the top left corner.
# The first glimpse is left out when there are more, since no location network chose it.

load style
file = table('fixations')

# Conditions without a glimpse in the table have no map.
here = ''
glimpses = 0
stats file using (here = with_name(here, strcol('condition')), glimpses = larger(glimpses, int(column('glimpse'))), 0) nooutput
mapped = ''
mapped_labels = ''
do for [k = 1:words(names)] {
  if (position(here, word(names, k)) > 0) {
    mapped = mapped.'"'.word(names, k).'" '
    mapped_labels = mapped_labels.'"'.word(labels, k).'" '
  }
}
count = words(mapped)
from = glimpses > 1 ? 2 : 1

bins = 25
cells = bins * bins
array hits[count * cells]
array total[count]
do for [k = 1:count] { total[k] = 0 }
do for [k = 1:count * cells] { hits[k] = 0 }
bin(x) = int(larger(0, smaller(bins - 1, floor((x + 1) / 2 * bins))))
add(k, cell) = (hits[cell] = hits[cell] + 1, total[k] = total[k] + 1)
stats file using (k = position(mapped, strcol('condition')), k > 0 && column('glimpse') >= from \
  ? add(k, (k - 1) * cells + bin(column('y')) * bins + bin(column('x')) + 1) : 0, 0) nooutput

share(k, cell) = total[k] > 0 ? 100.0 * hits[(k - 1) * cells + cell] / total[k] : 0
highest = 0
centre(bin) = -1 + (bin + 0.5) * 2 / bins
set print $maps
print 'condition,x,y,share'
do for [k = 1:count] {
  do for [i = 1:cells] {
    highest = larger(highest, share(k, i))
    print sprintf('%d,%g,%g,%g', k, centre((i - 1) % bins), centre((i - 1) / bins), share(k, i))
  }
}
unset print
if (highest == 0) { highest = 1 }

# MARK: - Layout, in pixels of the SVG: as many rows as give the largest maps

width = 720.0
height = 360.0
edge = 64.0
bar = 90.0
head = 66.0
foot = 52.0
gap = 12.0
caption = 22.0
room(down) = (a = (count + down - 1) / down, \
  smaller((width - edge - bar) / a - gap, (height - head - foot) / down - caption))
down = 1
do for [r = 2:3] { if (room(r) > room(down)) { down = r } }
across = (count + down - 1) / down
cell = smaller(room(down), 250)
title_width = 30 + 9.4 * strlen(title.': where it looks, glimpses 2 to 8')
# One map alone is as wide as the title.
if (count == 1) { cell = larger(cell, title_width - edge - gap - 6 - bar) }
tall = (cell + caption) * down - caption
right = edge + (cell + gap) * across + 6

# No wider and no higher than the maps and the title.
width = smaller(width, larger(right + bar, title_width))
height = head + tall + foot
top = height - head
eval resize(int(width), int(height))

# Viridis.
set palette defined (0 '#440154', 1 '#482878', 2 '#3e4989', 3 '#31688e', 4 '#26828e', \
  5 '#1f9e89', 6 '#35b779', 7 '#6ece58', 8 '#b5de2b', 9 '#fde725')
set cbrange [0:highest]
set colorbox user origin screen right / width, screen (top - tall) / height \
  size screen 12 / width, screen tall / height noborder
set cblabel 'glimpses per cell (%)' textcolor rgb ink offset 1, 0
set cbtics tick_step(highest, 4) format '%g' scale 0
unset key
unset grid
set border 15 lc rgb '#8a8a8a' lw 0.6
set xrange [-1:1]
set yrange [1:-1]

set multiplot
set label 1 title.': where it looks'.(from > 1 ? sprintf(', glimpses 2 to %d', glimpses) : '') \
  at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
do for [k = 1:count] {
  column_ = (k - 1) % across
  row_ = (k - 1) / across
  x = edge + (cell + gap) * column_
  y = top - (cell + caption) * row_
  set lmargin at screen x / width
  set rmargin at screen (x + cell) / width
  set tmargin at screen y / height
  set bmargin at screen (y - cell) / height
  set xtics -1, 1, 1
  set ytics -1, 1, 1
  # The numbers stand on the lower left map only: all have the same frame.
  if (column_ == 0 && row_ == down - 1) {
    set format xy '%g'
    set xlabel 'x (half-widths)' textcolor rgb ink offset 0, 0.4
    set ylabel 'y (half-widths)' textcolor rgb ink offset 1.2, 0
  } else {
    set format xy ''
    unset xlabel
    unset ylabel
  }
  set label 2 shortened(word(mapped_labels, k), int(cell / 7.2)) at graph 0.5, screen (y + 10) / height center \
    font ',11' textcolor rgb ink
  plot $maps every ::(k - 1) * cells::k * cells - 1 using (column('x')):(column('y')):(column('share')) with image
  unset label 1
  unset colorbox
}
unset multiplot
