# size 890x282
# animated 90 changes
# A model looks at one picture, glimpse by glimpse: the path so far, what the glimpse saw, the value map, the class probabilities.
# Reads the same tables and variables as look.gp.

load style
load scripts.'/looks.gp'

# MARK: - Layout, in pixels

box = 196.0
top = height - 64
left(panel) = 14 + (box + 14) * (panel - 1)
bars_left = left(4) + 52.0

eval below(top, box)

# A model with a stop action may answer before the last glimpse.
answer = sprintf('answer: %d', predicted[answered]).(answered < steps ? sprintf(', after glimpse %d', answered) : '')

# One more picture follows the last glimpse. It has one more word, because an equal picture would be dropped.
do for [shown = 1:steps + 1] {
  t = smaller(shown, steps)
  set multiplot
  set label 1 title.': how the model looks' at screen left(1) / width, 1 - 15 / height left noenhanced font ',12' textcolor rgb ink
  set label 2 model at screen left(1) / width, 1 - 33 / height left noenhanced textcolor rgb soft
  set label 3 sprintf('glimpse %d of %d', t, steps) at screen left(1) / width, screen (top + 9) / height left textcolor rgb ink
  set label 4 'what it saw' at screen left(2) / width, screen (top + 9) / height left textcolor rgb ink
  set label 5 sprintf('p(%d) if it looked there: ', valued).ends(t) at screen left(3) / width, screen (top + 9) / height left textcolor rgb ink
  set label 6 sprintf('→ %d, %.2f', predicted[t], sure[t]) at screen bars_left / width, screen (top + 9) / height left textcolor rgb ink
  set label 7 shown > steps ? answer : '' at screen 1 - 14 / width, 1 - 15 / height right font ',12' textcolor rgb ink

  eval pictures
  set palette maxcolors 24
  eval beside(left(1), box)
  set xrange [0:side]
  set yrange [side:0]
  plot scenes using (middle('column')):(middle('row')):(column('value')) with image, \
    for [s = scales:1:-1] for [e = 1:4] patches using (is_patch(t, s) ? edge_left(e) : NaN): \
      (edge_top(e)):(edge_right(e)):(edge_down(e)) with vectors nohead lw (s == 1 ? 2 : 1) lc rgb path_colour, \
    glimpses every ::0::(t - 1) using (column('column')):(column('row')) with linespoints pt 7 ps 0.5 lw 2 lc rgb place_colour
  do for [tag = 1:7] { unset label tag }

  eval beside(left(2), box)
  set xrange [0:crop]
  set yrange [crop:0]
  plot crops every ::first_of_crop(t)::last_of_crop(t) using (column('column') + 0.5):(column('row') + 0.5):(column('value')) \
    with image

  eval beside(left(3), box)
  set xrange [0:side]
  set yrange [side:0]
  plot values every ::first_of_map(t)::last_of_map(t) \
      using (column('column')):(column('row')):(level(t, column('probability'))) with image, \
    glimpses every ::(t - 1)::(t - 1) using (column('column')):(column('row')) with points pt 6 ps 1.4 lw 2 lc rgb place_colour

  set lmargin at screen bars_left / width
  set rmargin at screen (width - 14) / width
  set border 3 lc rgb '#8a8a8a' lw 1
  set xrange [-0.7:classes - 0.3]
  set yrange [0:1]
  set xtics 1 nomirror scale 0 textcolor rgb ink
  set ytics 0.5 nomirror scale 0.4 textcolor rgb ink
  plot answers every ::first_of_answers(t)::last_of_answers(t) using (column('class')):(column('probability')):(0.8) \
      with boxes fillstyle solid 1 noborder lc rgb '#b4b4b4', \
    answers every ::(first_of_answers(t) + valued)::(first_of_answers(t) + valued) \
      using (column('class')):(column('probability')):(0.8) with boxes fillstyle solid 1 noborder lc rgb '#1b6e9e'
  unset multiplot
}
