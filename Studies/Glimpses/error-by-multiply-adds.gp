# size 720x380
# Test error against the multiply-adds of one forward pass, one panel for each task on common logarithmic axes.
# Reads glimpse_counts.csv: task, series, glimpses, multiply_adds, error_percent, error_half_width, paper_percent.
# Series without glimpses are networks that see the whole image; for them only the paper's error is known.

load style
file = data.'/glimpse_counts.csv'

tasks = ''
series = ''
wholes = ''
cheapest = 1e12
dearest = 0
least = 1e9
most = 0
reach(v) = measured(v) && v > 0 ? (least = smaller(least, v), most = larger(most, v)) : 0
stats file using (tasks = with_name(tasks, strcol('task')), \
  measured(column('glimpses')) ? series = with_name(series, strcol('series')) : \
    (wholes = with_name(wholes, strcol('series'))), \
  cheapest = smaller(cheapest, column('multiply_adds')), dearest = larger(dearest, column('multiply_adds')), \
  reach(column('error_percent')), reach(column('error_percent') + half('error_half_width')), reach(column('paper_percent')), 0) nooutput
if (most == 0) { least = 1; most = 100 }
panels = words(tasks)

# MARK: - Layout, in pixels of the SVG

left = 66.0
gap = 18.0
panel = (width - left - 16 - gap * (panels - 1)) / panels

is(k, name) = strcol('task') eq word(tasks, k) && strcol('series') eq name
# A value that was not measured is placed far below the frame; an interval that reaches 0 runs out of it.
point(v) = measured(v) && v > 0 ? v : 1e-30
# A line goes past a condition that was not trained.
known(x) = measured(column('error_percent')) ? x : NaN
low(unused) = point(column('error_percent') - half('error_half_width'))
span(unused) = half('error_half_width') > 0 ? column('error_percent') + half('error_half_width') - low(0) : 0
millions(k, name) = is(k, name) ? column('multiply_adds') / 1e6 : NaN
set logscale xy
set xrange [cheapest / 1.3e6:dearest * 1.3 / 1e6]
set xtics (0.1, 0.2, 0.5, 1, 2, 5, 10)
set xlabel 'multiply-adds (millions)' textcolor rgb ink
set yrange [least / 1.3:smaller(130, most * 1.2)]
eval 'set ytics '.log_ticks(least, most)
set tmargin at screen 1 - 112 / height
set bmargin at screen 62 / height
set key at screen 1 - 14 / width, 1 - 58 / height right center Left reverse vertical maxrows 2 samplen 1.5 width 1

set multiplot
set label 1 title.': error by multiply-adds' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
set label 3 'test error (%)' at screen 18 / width, screen 166 / height center rotate textcolor rgb ink
do for [k = 1:panels] {
  x = left + (panel + gap) * (k - 1)
  set lmargin at screen x / width
  set rmargin at screen (x + panel) / width
  set label 2 shortened(word(tasks, k), int(panel / 7)) at graph 0, screen 1 - 98 / height left textcolor rgb ink
  plot NaN notitle, \
    for [s = 1:words(series)] file using (millions(k, word(series, s))):(low(0)):(0):(span(0)) \
      with vectors nohead lw 1.4 lc rgb colour(word(series, s)) notitle, \
    for [s = 1:words(series)] file using (known(millions(k, word(series, s)))):(point(column('error_percent'))) \
      smooth unique with linespoints pt mark_named(word(series, s)) ps 0.7 * mark lw 1.6 lc rgb colour(word(series, s)) notitle, \
    for [s = 1:words(series)] file using (millions(k, word(series, s))):(point(column('paper_percent'))) \
      with points pt 13 ps 1.1 * mark lc rgb 'black' notitle, \
    for [s = 1:words(wholes)] file using (millions(k, word(wholes, s))):(point(column('paper_percent'))) \
      with points pt mark_named(word(wholes, s)) ps 1.1 * mark lw 1.6 lc rgb colour(word(wholes, s)) notitle, \
    for [s = 1:words(series)] keyentry with linespoints lw 2 pt mark_named(word(series, s)) ps 0.7 * mark \
      lc rgb colour(word(series, s)) title word(series, s), \
    keyentry with points pt 13 ps 1.1 * mark lc rgb 'black' title 'paper, RAM', \
    for [s = 1:words(wholes)] keyentry with points pt mark_named(word(wholes, s)) ps 1.1 * mark lw 1.6 \
      lc rgb colour(word(wholes, s)) title 'paper, '.word(wholes, s)
  unset label 1
  unset label 3
  unset key
  set format y ''
}
unset multiplot
