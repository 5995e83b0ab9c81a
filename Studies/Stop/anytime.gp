# size 720x400
# Test error against the mean number of glimpses, one line for each stopping rule; the error axis is logarithmic.
# Reads anytime.csv: series, setting, glimpses, glimpses_half_width, error_percent, error_half_width.
# Thresholds matched to a stop action are left out where the same models have a curve of their own.

load style
file = data.'/anytime.csv'

is_own(unused) = strcol('setting') eq 'itself' || strcol('setting') eq 'budget'
series = ''
curves = ''
least = 1e9
highest = 0
note(e) = (least = smaller(least, e), highest = larger(highest, e), series = with_name(series, strcol('series')), \
  is_own(0) ? curves = with_name(curves, strcol('series')) : 0)
stats file using (note(column('error_percent')), 0) nooutput
is_shown(name) = strcol('series') eq name && (is_own(0) || position(curves, name) == 0)

low(unused) = larger(column('error_percent') - half('error_half_width'), least / 2)
glimpses(name) = is_shown(name) ? column('glimpses') : NaN
shape(s) = word('7 5 9 11 13', (s - 1) % 5 + 1) + 0

set label title.': error by mean number of glimpses' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
set logscale y
if (highest <= 0) { least = 1; highest = 100 }
least = larger(least, 0.01)
set yrange [least / 1.3:highest * 1.3]
eval 'set ytics '.log_ticks(least, highest)
set xrange [0.8:8.2]
set xtics 1
set xlabel 'glimpses, mean over test scenes' textcolor rgb ink
set ylabel 'test error (%)' textcolor rgb ink
set tmargin at screen 1 - 52 / height
set bmargin at screen 62 / height
set lmargin at screen 76 / width
set rmargin at screen 0.98
set key at graph 0.99, graph 0.99 right top Left reverse vertical samplen 1.5
plot NaN notitle, \
  for [s = 1:words(series)] file using (glimpses(word(series, s))):(low(0)):(0): \
    (column('error_percent') + half('error_half_width') - low(0)) with vectors nohead lw 1.3 lc rgb colour(word(series, s)) notitle, \
  for [s = 1:words(series)] file using (glimpses(word(series, s)) - half('glimpses_half_width')):(column('error_percent')): \
    (2 * half('glimpses_half_width')):(0) with vectors nohead lw 1.3 lc rgb colour(word(series, s)) notitle, \
  for [s = 1:words(series)] file using (glimpses(word(series, s))):(column('error_percent')) \
    with lines lw 1.6 lc rgb colour(word(series, s)) notitle, \
  for [s = 1:words(series)] file using (glimpses(word(series, s))):(column('error_percent')) \
    with points pt shape(s) ps 0.8 * mark lc rgb colour(word(series, s)) notitle, \
  for [s = 1:words(series)] keyentry with linespoints lw 2 pt shape(s) ps 0.8 * mark lc rgb colour(word(series, s)) \
    title word(series, s)
