# size 720x316
# One game, every other frame: ball and paddle, and the three squares of the glimpse.
# Reads frames.csv: game, frame, ball_column, ball_row, paddle_column, column, row (the glimpse's centre, pixels).

load style
file = data.'/frames.csv'
side = 24
shown = 12  # frames 2, 4, ... 24
across = 6

eval pictures
set xrange [0:side]
set yrange [side:0]
set style fill solid noborder

gap = 8.0
head = 66.0
cell = smaller((width - 28 - gap * (across - 1)) / across, (height - head - 10 - gap) / 2)
start = (width - cell * across - gap * (across - 1)) / 2
green = '#22aa44'

set object 1 rectangle from graph 0, 0 to graph 1, 1 behind fc rgb '#111111' fs solid noborder
set multiplot
set label 1 title.': one game, every other frame' at screen 0.02, 1 - 20 / height left font ',15' textcolor rgb ink
set label 2 whose.', '.trained at screen 0.02, 1 - 40 / height left textcolor rgb soft
do for [k = 1:shown] {
  frame = 2 * k
  x = start + (cell + gap) * ((k - 1) % across)
  y = height - head - (cell + gap) * ((k - 1) / across)
  eval beside(x, cell)
  eval below(y, cell)
  here(v) = column('game') == 1 && column('frame') == frame ? v : NaN
  plot \
    file using (here(column('ball_column') + 0.5)):(column('ball_row') + 0.5):(0.5):(0.5) with boxxyerror fc rgb '#ffffff', \
    file using (here(column('paddle_column') + 1)):(23.5):(1):(0.5) with boxxyerror fc rgb '#ffffff', \
    for [s = 0:2] file using (here(column('column'))):(column('row')):(3 * 2 ** s):(3 * 2 ** s) \
      with boxxyerror lc rgb green lw (1.6 - 0.5 * s) fs empty border
  unset label
}
unset multiplot
