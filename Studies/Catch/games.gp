# size 480x174
# animated 12
# Four games side by side, as the trained agent plays them: ball, paddle and the three squares of the glimpse.
# Reads frames.csv: game, frame, ball_column, ball_row, paddle_column, column, row (the glimpse's centre, pixels), caught.

load style
file = data.'/frames.csv'
side = 24
games = 4
frames = 24

array caught[games]
stats file using (column('game') <= games ? (caught[int(column('game'))] = column('caught')) : 0, 0) nooutput

unset key
unset grid
unset tics
set border 15 lc rgb '#888888' lw 1
set xrange [0:side]
set yrange [side:0]
set style fill solid noborder
set object 1 rectangle from graph 0, 0 to graph 1, 1 behind fc rgb '#111111' fs solid noborder

cell = 106.0
gap = 10.0
head = 30.0
start = (width - games * cell - (games - 1) * gap) / 2

# The last frame stays for a while.
do for [shown = 1:frames + 6] {
  frame = smaller(shown, frames)
  set multiplot
  do for [game = 1:games] {
    x = start + (cell + gap) * (game - 1)
    eval beside(x, cell)
    eval below((height - head), cell)
    here(v) = column('game') == game && column('frame') == frame ? v : NaN
    set label 1 frame < frames ? '' : caught[game] == 1 ? 'caught' : 'missed' at graph 0.5, graph -0.13 center textcolor rgb ink
    if (game == 1) {
      set label 2 whose.', '.trained at screen start / width, 1 - 15 / height left textcolor rgb ink
    } else { unset label 2 }
    plot \
      file using (here(column('ball_column') + 0.5)):(column('ball_row') + 0.5):(0.5):(0.5) \
        with boxxyerror fc rgb '#ffffff', \
      file using (here(column('paddle_column') + 1)):(23.5):(1):(0.5) with boxxyerror fc rgb '#ffffff', \
      for [s = 0:2] file using (here(column('column'))):(column('row')):(3 * 2 ** s):(3 * 2 ** s) \
        with boxxyerror lc rgb '#44dd66' lw 1 fs empty border
  }
  unset multiplot
}
