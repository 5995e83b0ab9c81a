# size 720x380
# Test error against the number of glimpses (part `glimpses`), or against the multiply-adds of one forward pass, one panel for
# each task on common axes. Series without glimpses are networks that see the whole image; for them only the paper's error is
# known, and only the second figure has them.
# Reads glimpse_counts.csv: task, series, glimpses, multiply_adds, error_percent, error_half_width, paper_percent.

load style
file = data.'/glimpse_counts.csv'
by_glimpses = suffix eq '-glimpses'
if (by_glimpses) { height = 360.0; eval resize(720, 360); set termoption noenhanced }
across(unused) = by_glimpses ? column('glimpses') : column('multiply_adds') / 1e6

tasks = ''
series = ''
wholes = ''
first = 1e12
last = 0
least = 1e9
most = 0
reach(v) = measured(v) && v > 0 ? (least = smaller(least, v), most = larger(most, v)) : 0
note(unused) = (tasks = with_name(tasks, strcol('task')), first = smaller(first, across(0)), last = larger(last, across(0)), \
  measured(column('glimpses')) ? series = with_name(series, strcol('series')) : (wholes = with_name(wholes, strcol('series'))), \
  reach(column('error_percent')), reach(column('error_percent') + half('error_half_width')), reach(column('paper_percent')))
stats file using (!by_glimpses || measured(column('glimpses')) ? note(0) : 0, 0) nooutput
if (most == 0) { least = 1; most = 100 }
panels = words(tasks)

# MARK: - Layout, in pixels of the SVG

left = 66.0
gap = 18.0
panel = (width - left - 16 - gap * (panels - 1)) / panels
head = by_glimpses ? 88 : 112

place(k, name) = strcol('task') eq word(tasks, k) && strcol('series') eq name ? across(0) : NaN
paper(k, s) = !by_glimpses ? place(k, word(series, s)) : strcol('task') eq word(tasks, k) ? across(0) : NaN
# A value that was not measured, or is 0, is placed far below the frame; an interval that reaches 0 runs out of it.
point(v) = measured(v) && v > 0 ? v : 1e-30
# A line goes past a condition that was not trained.
known(x) = measured(column('error_percent')) ? x : NaN
low(unused) = point(column('error_percent') - half('error_half_width'))
span(unused) = half('error_half_width') > 0 ? column('error_percent') + half('error_half_width') - low(0) : 0
set logscale y
if (by_glimpses) {
  set xrange [first - 0.5:last + 0.5]
  set xtics larger(1, tick_step(last - first + 1, panel / 55 + 2))
  set xlabel 'glimpses' textcolor rgb ink
} else {
  set logscale x
  set xrange [first / 1.3:last * 1.3]
  set xtics (0.1, 0.2, 0.5, 1, 2, 5, 10)
  set xlabel 'multiply-adds (millions)' textcolor rgb ink
}
set yrange [least / 1.3:smaller(130, most * 1.2)]
eval 'set ytics '.log_ticks(least, most)
set tmargin at screen 1 - head / height
set bmargin at screen 62 / height
set key at screen 1 - 14 / width, 1 - (by_glimpses ? 50 : 58) / height right center Left reverse vertical \
  maxrows (by_glimpses ? 1 : 2) samplen 1.5 width 1

# Macros, because gnuplot warns of a loop that draws nothing.
looks = "with points pt mark_named(word(wholes, s)) ps 1.1 * mark lw 1.6 lc rgb colour(word(wholes, s))"
whole_points = by_glimpses ? '' : "for [s = 1:words(wholes)] file \
  using (place(k, word(wholes, s))):(point(column('paper_percent'))) ".looks." notitle,"
whole_keys = by_glimpses ? '' : ", for [s = 1:words(wholes)] keyentry ".looks." title 'paper, '.word(wholes, s)"
set multiplot
set label 1 title.': error by '.(by_glimpses ? 'glimpses' : 'multiply-adds') at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
set label 3 'test error (%)' at screen 18 / width, screen 166 / height center rotate textcolor rgb ink
do for [k = 1:panels] {
  eval nth(k)
  set label 2 shortened(word(tasks, k), int(panel / 7)) at graph 0, screen 1 - (head - 14) / height left textcolor rgb ink
  plot NaN notitle, \
    for [s = 1:words(series)] file using (place(k, word(series, s))):(low(0)):(0):(span(0)) \
      with vectors nohead lw 1.4 lc rgb colour(word(series, s)) notitle, \
    for [s = 1:words(series)] file using (known(place(k, word(series, s)))):(point(column('error_percent'))) \
      smooth unique with linespoints pt mark_named(word(series, s)) ps 0.7 * mark lw 1.6 lc rgb colour(word(series, s)) notitle, \
    for [s = 1:by_glimpses ? 1 : words(series)] file using (paper(k, s)):(point(column('paper_percent'))) \
      with points pt 13 ps 1.1 * mark lc rgb 'black' notitle, \
    @whole_points \
    for [s = 1:words(series)] keyentry with linespoints lw 2 pt mark_named(word(series, s)) ps 0.7 * mark \
      lc rgb colour(word(series, s)) title word(series, s), \
    keyentry with points pt 13 ps 1.1 * mark lc rgb 'black' title by_glimpses ? 'paper' : 'paper, RAM' @whole_keys
  unset label
  unset key
  set format y ''
}
unset multiplot
