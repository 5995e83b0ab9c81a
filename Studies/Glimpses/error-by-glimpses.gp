# size 720x360
# Test error against the number of glimpses, a panel per task, with the paper's points.
# Reads glimpse_counts.csv: task, series, glimpses, error_percent, half_width_percent, paper_percent.

load style
file = data.'/glimpse_counts.csv'

tasks = ''
series = ''
fewest = 1e9
most = 0
count(g) = (tasks = with_name(tasks, strcol('task')), series = with_name(series, strcol('series')), \
  fewest = smaller(fewest, g), most = larger(most, g))
stats file using (measured(column('glimpses')) ? count(column('glimpses')) : 0, 0) nooutput
panels = words(tasks)

# What a panel shows, and its highest value, intervals included.
array top[panels]
array drawn[panels]
array papers[panels]
do for [k = 1:panels] { top[k] = 0; drawn[k] = ''; papers[k] = 0 }
raise(k, v) = measured(v) ? (top[k] = larger(top[k], v), 1) : 0
note(k, name) = ( \
  raise(k, column('error_percent')) ? drawn[k] = with_name(drawn[k], name) : 0, \
  raise(k, column('error_percent') + column('half_width_percent')), \
  raise(k, column('paper_percent')) ? papers[k] = 1 : 0)
stats file using (measured(column('glimpses')) ? note(position(tasks, strcol('task')), strcol('series')) : 0, 0) nooutput

# MARK: - Layout, in pixels of the SVG

width = 720.0
height = 360.0
left = 66.0
gap = 40.0
panel = (width - left - 16 - gap * (panels - 1)) / panels

in_panel(k, name) = strcol('task') eq word(tasks, k) && strcol('series') eq name
glimpses(k, name) = in_panel(k, name) ? column('glimpses') : NaN
# An interval that was not measured has no length.
half(unused) = measured(column('half_width_percent')) ? column('half_width_percent') : 0
low(unused) = column('error_percent') - half(0)
span(unused) = 2 * half(0)
set xrange [fewest - 0.5:most + 0.5]
set xtics larger(1, tick_step(most - fewest + 1, panel / 55 + 2))
set xlabel 'glimpses' textcolor rgb ink
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
  set yrange [0:larger(top[k], 0.1) * 1.1]
  set ytics tick_step(larger(top[k], 0.1), 5)
  set label 2 shortened(word(tasks, k), int(panel / 7)) at graph 0, screen 1 - 74 / height left textcolor rgb ink
  plot NaN notitle, \
    for [s = 1:words(drawn[k])] file using (glimpses(k, word(drawn[k], s))):(low(0)):(0):(span(0)) \
      with vectors nohead lw 1.4 lc rgb colour(word(drawn[k], s)) notitle, \
    for [s = 1:words(drawn[k])] file using (glimpses(k, word(drawn[k], s))):(column('error_percent')) \
      with lines lw 2 lc rgb colour(word(drawn[k], s)) notitle, \
    for [s = 1:words(drawn[k])] file using (glimpses(k, word(drawn[k], s))):(column('error_percent')) \
      with points pt 7 ps 0.6 * mark lc rgb colour(word(drawn[k], s)) notitle, \
    file using (strcol('task') eq word(tasks, k) ? column('glimpses') : NaN): \
      (papers[k] ? column('paper_percent') : -1) with points pt 13 ps 1.1 * mark lc rgb 'black' notitle, \
    for [s = 1:words(series)] keyentry with lines lw 3 lc rgb colour(word(series, s)) title word(series, s), \
    keyentry with points pt 13 ps 1.1 * mark lc rgb 'black' title 'paper'
  unset label 1
  unset label 3
  unset key
}
unset multiplot
