# size 720x360
# Where the network looks: a histogram of glimpse locations for each condition, on a scale of its own. Colours follow the
# square root of a cell's share, so that a place that is always looked at does not make all others black.
# Reads fixations.csv: condition, glimpse, x, y, in [-1, 1] from the top left corner.
# The first glimpse is left out when there are more, since no location network chose it.

load style
file = table('fixations')

# Conditions without a glimpse in the table have no map.
mapped = ''
glimpses = 0
stats file using (position(names, strcol('condition')) > 0 ? mapped = with_name(mapped, strcol('condition')) : 0, \
  glimpses = larger(glimpses, int(column('glimpse'))), 0) nooutput
count = words(mapped)
from = glimpses > 1 ? 2 : 1

bins = 25
cells = bins * bins
array hits[count * cells]
array total[count]
array highest[count]
do for [k = 1:count] { total[k] = 0; highest[k] = 0 }
do for [k = 1:count * cells] { hits[k] = 0 }
bin(x) = int(larger(0, smaller(bins - 1, floor((x + 1) / 2 * bins))))
add(k, cell) = (hits[cell] = hits[cell] + 1, total[k] = total[k] + 1)
stats file using (k = position(mapped, strcol('condition')), k > 0 && column('glimpse') >= from \
  ? add(k, (k - 1) * cells + bin(column('y')) * bins + bin(column('x')) + 1) : 0, 0) nooutput

share(k, cell) = total[k] > 0 ? 100.0 * hits[(k - 1) * cells + cell] / total[k] : 0
centre(bin) = -1 + (bin + 0.5) * 2 / bins
set print $maps
print 'condition,x,y,share'
do for [k = 1:count] {
  do for [i = 1:cells] {
    highest[k] = larger(highest[k], share(k, i))
    print sprintf('%d,%g,%g,%g', k, centre((i - 1) % bins), centre((i - 1) / bins), share(k, i))
  }
}
unset print

# MARK: - Layout, in pixels of the SVG: as many rows as give the largest maps

widest = 720.0
edge = 54.0
head = 82.0
foot = 30.0
gap = 34.0
caption = 22.0
scale = 74.0  # for the x axis and the colours' own scale, under each map
room(down) = (a = (count + down - 1) / down, \
  smaller((widest - edge - 14) / a - gap, (460.0 - head - foot) / down - caption - scale))
down = 1
do for [r = 2:3] { if (room(r) > room(down)) { down = r } }
across = (count + down - 1) / down
cell = larger(120, smaller(room(down), 250))
pitch = cell + caption + scale
heading = 'where it looks'.(from > 1 ? ', from the second glimpse on' : '')

# As wide as the maps, or as the headings above them if those are wider.
longest = larger(9.6 * strlen(title), 8.4 * strlen(heading.'; share of glimpses in each cell, % (square-root scale)')) + 20
width = larger(edge + (cell + gap) * across, longest)
start = edge + (width - edge - (cell + gap) * across) / 2
height = head + pitch * down + foot - caption
top = height - head
eval resize(int(width), int(height))

eval viridis
set cbtics scale 0 offset 0, 0.5
unset key
unset grid
set border 15 lc rgb '#8a8a8a' lw 0.6
set xrange [-1:1]
set yrange [1:-1]
tick(v) = sprintf(v >= 9.95 ? '%.0f' : '%.2g', v)

set multiplot
set label 1 title at screen 14 / width, 1 - 20 / height left font ',15' textcolor rgb ink
set label 3 heading.'; share of glimpses in each cell, % (square-root scale)' at screen 14 / width, 1 - 42 / height left textcolor rgb soft
do for [k = 1:count] {
  column_ = (k - 1) % across
  row_ = (k - 1) / across
  x = start + (cell + gap) * column_
  y = top - pitch * row_
  eval beside(x, cell)
  eval below(y, cell)
  set xtics -1, 1, 1
  set ytics -1, 1, 1
  set format x '%g'
  set format y ''
  set xlabel 'x (half-widths)' textcolor rgb ink offset 0, 0.6
  if (column_ == 0) {
    set format y '%g'
    set ylabel 'y (half-widths)' textcolor rgb ink offset 1.6, 0
  } else { unset ylabel }
  most = highest[k] > 0 ? highest[k] : 1
  set cbrange [0:sqrt(most)]
  set cbtics ('0' 0, tick(most / 4) sqrt(most) / 2, tick(most) sqrt(most))
  set colorbox horizontal user origin screen x / width, screen (y - cell - 62) / height \
    size screen cell / width, screen 9 / height noborder
  set label 2 shortened(labelled(word(mapped, k)), int(cell / 7)) at graph 0.5, screen (y + 10) / height center \
    font ',12' textcolor rgb ink
  plot $maps every ::(k - 1) * cells::k * cells - 1 using (column('x')):(column('y')):(sqrt(column('share'))) \
    with image pixels  # so that no viewer smooths them
  unset label
}
unset multiplot
