# size 720x330
# The paper's figure 2: sample test scenes, up to ten in rows of five.
# Reads scenes.csv: scene, label, row, column, value. The rows of a scene stand together.

load style
file = table('scenes')

# Where each scene starts and ends in the file, and how wide it is.
array first[10]
array last[10]
count = 0
current = NaN
side = 0
open_scene(scene) = count < 10 && scene != current \
  ? (count = count + 1, first[count] = column(0), current = scene) : 0
stats file using (measured(current) ? 0 : (current = -1), open_scene(column('scene')), \
  column('scene') == current ? last[count] = column(0) : 0, side = larger(side, column('column') + 1), 0) nooutput

width = 720.0
height = 330.0
across = smaller(count, 5)
down = (count + 4) / 5
gap = 8.0
head = 44.0
cell = smaller((width - 28 - gap * (across - 1)) / across, (height - head - 14 - gap * (down - 1)) / down)

unset key
unset colorbox
unset grid
unset tics
set border 15 lc rgb '#b0b0b0' lw 0.6
set palette defined (0 '#000000', 1 '#ffffff')
set cbrange [0:1]
set xrange [0:side]
set yrange [side:0]

set multiplot
set label 1 title.': test scenes' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
do for [k = 1:count] {
  x = 14 + (cell + gap) * ((k - 1) % 5)
  y = height - head - (cell + gap) * ((k - 1) / 5)
  set lmargin at screen x / width
  set rmargin at screen (x + cell) / width
  set tmargin at screen y / height
  set bmargin at screen (y - cell) / height
  plot file every ::first[k]::last[k] \
    using (column('column') + 0.5):(column('row') + 0.5):(column('value')) with image
  unset label 1
}
unset multiplot
