# size 720x360
# Test error against the number of glimpses, one panel for each task on a common logarithmic axis, with the paper's points.
# Reads glimpse_counts.csv: task, series, glimpses, error_percent, error_half_width, paper_percent.

load style
file = data.'/glimpse_counts.csv'

tasks = ''
series = ''
fewest = 1e9
most = 0
least_error = 1e9
most_error = 0
reach(v) = measured(v) && v > 0 ? (least_error = smaller(least_error, v), most_error = larger(most_error, v)) : 0
count(g) = (tasks = with_name(tasks, strcol('task')), series = with_name(series, strcol('series')), \
  fewest = smaller(fewest, g), most = larger(most, g), reach(column('error_percent')), \
  reach(column('error_percent') + half('error_half_width')), reach(column('paper_percent')))
stats file using (measured(column('glimpses')) ? count(column('glimpses')) : 0, 0) nooutput
if (most_error == 0) { least_error = 1; most_error = 100 }
panels = words(tasks)

# MARK: - Layout, in pixels of the SVG

left = 66.0
gap = 18.0
panel = (width - left - 16 - gap * (panels - 1)) / panels

in_panel(k, name) = strcol('task') eq word(tasks, k) && strcol('series') eq name
glimpses(k, name) = in_panel(k, name) ? column('glimpses') : NaN
# A value that was not measured, or is 0, is placed far below the frame; an interval that reaches 0 runs out of it.
point(v) = measured(v) && v > 0 ? v : 1e-30
# A line goes past a condition that was not trained.
known(x) = measured(column('error_percent')) ? x : NaN
low(unused) = point(column('error_percent') - half('error_half_width'))
span(unused) = half('error_half_width') > 0 ? column('error_percent') + half('error_half_width') - low(0) : 0
set xrange [fewest - 0.5:most + 0.5]
set xtics larger(1, tick_step(most - fewest + 1, panel / 55 + 2))
set xlabel 'glimpses' textcolor rgb ink
set logscale y
set yrange [least_error / 1.3:smaller(130, most_error * 1.2)]
eval 'set ytics '.log_ticks(least_error, most_error)
set tmargin at screen 1 - 88 / height
set bmargin at screen 62 / height
set key at screen 1 - 14 / width, 1 - 50 / height right center Left reverse vertical maxrows 1 samplen 1.5 width 1

set multiplot
set label 1 title.': error by glimpses' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
set label 3 'test error (%)' at screen 18 / width, screen 166 / height center rotate textcolor rgb ink
do for [k = 1:panels] {
  x = left + (panel + gap) * (k - 1)
  set lmargin at screen x / width
  set rmargin at screen (x + panel) / width
  set label 2 shortened(word(tasks, k), int(panel / 7)) at graph 0, screen 1 - 74 / height left textcolor rgb ink
  plot NaN notitle, \
    for [s = 1:words(series)] file using (glimpses(k, word(series, s))):(low(0)):(0):(span(0)) \
      with vectors nohead lw 1.4 lc rgb colour(word(series, s)) notitle, \
    for [s = 1:words(series)] file using (known(glimpses(k, word(series, s)))):(point(column('error_percent'))) \
      smooth unique with linespoints pt mark_named(word(series, s)) ps 0.7 * mark lw 1.6 lc rgb colour(word(series, s)) notitle, \
    file using (strcol('task') eq word(tasks, k) ? column('glimpses') : NaN):(point(column('paper_percent'))) \
      with points pt 13 ps 1.1 * mark lc rgb 'black' notitle, \
    for [s = 1:words(series)] keyentry with linespoints lw 2 pt mark_named(word(series, s)) ps 0.7 * mark \
      lc rgb colour(word(series, s)) title word(series, s), \
    keyentry with points pt 13 ps 1.1 * mark lc rgb 'black' title 'paper'
  unset label 1
  unset label 3
  unset key
  set format y ''
}
unset multiplot
