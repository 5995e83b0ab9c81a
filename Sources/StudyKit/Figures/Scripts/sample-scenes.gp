# size 720x330
# The paper's figure 2: sample test scenes, up to ten in rows of five.
# Reads scenes.csv: scene, label, row, column, value. The rows of a scene stand together.

load style
file = table('scenes')

count = 0
side = 0
stats file using (count = smaller(10, larger(count, int(column('scene')))), side = larger(side, int(column('column')) + 1), 0) nooutput

across = smaller(count, 5)
down = (count + 4) / 5
gap = 8.0
head = 44.0
cell = smaller((width - 28 - gap * (across - 1)) / across, (height - head - 14 - gap * (down - 1)) / down)

eval pictures
set xrange [0:side]
set yrange [side:0]

set multiplot
set label 1 title.': test scenes' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
do for [k = 1:count] {
  x = 14 + (cell + gap) * ((k - 1) % 5)
  y = height - head - (cell + gap) * ((k - 1) / 5)
  eval beside(x, cell)
  eval below(y, cell)
  plot file every ::(k - 1) * side ** 2::k * side ** 2 - 1 \
    using (column('column') + 0.5):(column('row') + 0.5):(column('value')) with image
  unset label 1
}
unset multiplot
