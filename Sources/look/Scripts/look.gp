# size 900x520
# How a model looks at one picture, one column for each glimpse: the path so far with the outline of every patch, what the
# glimpse saw, the value map with the chosen place, and the class probabilities after it.
# Reads scenes.csv: row, column, value; glimpses.csv: glimpse, column, row, prediction, probability; patches.csv: glimpse, scale,
# left, top, side; crops.csv: row, column, value; values.csv: column, row, probability; answers.csv: glimpse, class, probability.
# Variables: title, model, side, cell (side of a pixel of scenes.csv, in pixels of the picture), steps, classes, valued, label
# (-1 if unknown), grid, scales, crop.

load style
load scripts.'/looks.gp'

# MARK: - Layout, in pixels of the SVG

names = 126.0  # what stands beside a row must clear the numbers at the axis
edge = 14.0
gap = 8.0
box = smaller(150, (1100 - names - edge) / steps - gap)
bars = 0.55 * box
head = 66.0
between = 22.0
width = names + steps * (box + gap) + edge
height = head + 3 * (box + gap) + 2 * between + bars + 26
eval resize(int(width), int(height))
top(row) = height - head - (row - 1) * (box + gap) - (row > 2 ? between - gap : 0) - (row > 3 ? between - gap : 0)
left(t) = names + (t - 1) * (box + gap)

set multiplot
set label 1 title.': how the model looks' at screen edge / width, 1 - 20 / height left noenhanced font ',15' textcolor rgb ink
set label 2 model at screen edge / width, 1 - 40 / height left noenhanced textcolor rgb soft
array what[4]
what[1] = "the path"
what[2] = "what it saw"
what[3] = sprintf("how probable\n%d would be\nif it looked\nthere", valued)
what[4] = "class\nprobabilities"
do for [row = 1:4] {
  set label (2 + row) what[row] at screen edge / width, screen (top(row) - 12) / height left font ',11' textcolor rgb ink
}
do for [t = 1:steps] {
  x = left(t)
  eval beside(x, box)
  set label 7 sprintf('glimpse %d', t) at screen (x + box / 2) / width, screen (top(1) + 9) / height center font ',11' textcolor rgb soft

  eval pictures
  set xrange [0:side]
  set yrange [side:0]
  eval below(top(1), box)
  plot scenes using (middle('column')):(middle('row')):(column('value')) with image, \
    for [s = scales:1:-1] for [e = 1:4] patches using (is_patch(t, s) ? edge_left(e) : NaN): \
      (edge_top(e)):(edge_right(e)):(edge_down(e)) with vectors nohead lw (s == 1 ? 1.6 : 0.8) lc rgb path_colour, \
    glimpses every ::0::(t - 1) using (column('column')):(column('row')) with linespoints pt 7 ps 0.4 * mark lw 1.3 \
      lc rgb place_colour
  do for [tag = 1:7] { unset label tag }

  eval below(top(2), box)
  set xrange [0:crop]
  set yrange [crop:0]
  plot crops every ::first_of_crop(t)::last_of_crop(t) using (column('column') + 0.5):(column('row') + 0.5):(column('value')) \
    with image

  set xrange [0:side]
  set yrange [side:0]
  eval below(top(3), box)
  set label 7 ends(t) at screen (x + box / 2) / width, screen (top(3) + 9) / height center font ',11' textcolor rgb soft
  plot values every ::first_of_map(t)::last_of_map(t) using (column('column')):(column('row')):(v = level(t, column('probability')), \
      red(v)):(green(v)):(blue(v)) with rgbimage, \
    glimpses every ::(t - 1)::(t - 1) using (column('column')):(column('row')) with points pt 6 ps 1.1 * mark lw 1.6 lc rgb place_colour
  unset label 7

  eval below(top(4), bars)
  set border 3 lc rgb '#8a8a8a' lw 1
  set xrange [-0.7:classes - 0.3]
  set yrange [0:1]
  set xtics 1 nomirror scale 0 font ',9' textcolor rgb ink
  if (t == 1) { set ytics 0.5 nomirror scale 0.4 font ',9' textcolor rgb ink; set ytics format '%g' } else { unset ytics }
  set label 8 sprintf('→ %d, %.2f', predicted[t], sure[t]) at screen (x + box / 2) / width, screen (top(4) + 9) / height center \
    font ',11' textcolor rgb label < 0 || predicted[t] == label ? ink : '#b03020'
  plot answers every ::first_of_answers(t)::last_of_answers(t) using (column('class')):(column('probability')):(0.8) \
      with boxes fillstyle solid 1 noborder lc rgb '#b4b4b4', \
    answers every ::(first_of_answers(t) + valued)::(first_of_answers(t) + valued) \
      using (column('class')):(column('probability')):(0.8) with boxes fillstyle solid 1 noborder lc rgb '#1b6e9e'
  unset label 8
}
unset multiplot
