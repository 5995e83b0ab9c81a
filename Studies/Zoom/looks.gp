# size 720x536
# Scenes with the squares that a model sees of them, glimpse by glimpse.
# Reads scenes.csv: scene, row, column, value; looks.csv: scene, label, glimpse, column, row, width, prediction.

load style
scenes = table('scenes')
looks = table('looks')

count = 0
side = 0
last = 1
most = 6
array label[most]
array answer[most]
note(s) = s > 0 && s <= most ? (count = larger(count, s), last = larger(last, column('glimpse')), \
  label[s] = column('label'), answer[s] = column('prediction')) : 0
stats looks using (note(int(column('scene'))), 0) nooutput
stats scenes using (side = larger(side, column('column') + 1), 0) nooutput

across = 3
width = 720.0
height = 536.0
edge = 14.0
head = 60.0
cell = 205.0
gap = (width - 2 * edge - across * cell) / (across - 1)
pitch = (height - head - 8) / 2

unset key
unset colorbox
unset grid
unset tics
set border 15 lc rgb '#b0b0b0' lw 0.6
set palette defined (0 '#000000', 1 '#ffffff')
set cbrange [0:1]
set xrange [0:side]
set yrange [side:0]
# The first look is dark, the last one bright.
step(g) = last > 1 ? (g - 1.0) / (last - 1) : 1
shade(g) = sprintf('#%02x%02x%02x', 40, int(90 + 155 * step(g)), int(160 - 60 * step(g)))

set multiplot
set label 1 title.': where and how wide it looks' at screen 0.02, 1 - 20 / height left font ',15' textcolor rgb ink
set label 2 whose.', '.trained at screen 0.02, 1 - 40 / height left textcolor rgb soft
do for [s = 1:count] {
  x = edge + (cell + gap) * ((s - 1) % across)
  y = height - head - pitch * ((s - 1) / across)
  set lmargin at screen x / width
  set rmargin at screen (x + cell) / width
  set tmargin at screen y / height
  set bmargin at screen (y - cell) / height
  set label 4 sprintf('%d → %d', label[s], answer[s]) at graph 0.5, screen (y - cell - 10) / height center \
    font ',11' textcolor rgb answer[s] == label[s] ? ink : '#b03020'
  plot scenes every ::((s - 1) * side * side)::(s * side * side - 1) \
      using (column('column') + 0.5):(column('row') + 0.5):(column('value')) with image, \
    for [g = 1:last] looks using (column('scene') == s && column('glimpse') == g ? column('column') : NaN): \
      (column('row')):(column('width') / 2):(column('width') / 2) with boxxyerror fs empty lw 1.6 lc rgb shade(g)
  unset label 1
  unset label 2
}
unset multiplot
