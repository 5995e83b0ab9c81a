# size 720x420
# Validation error against examples seen, or another column: thin lines are seeds, the thick one their mean.
# Reads curves.csv: condition, seed, examples or what `against` names, validation_error_mean_percent.

load style
file = data.'/curves.csv'
count = words(names)

numbers = ''
least = 1e9
most = 0
furthest = 0
widen(x, v) = measured(v) && v > 0 ? (furthest = larger(furthest, x), least = smaller(least, v), most = larger(most, v)) : 0
stats file using (position(names, strcol('condition')) > 0 ? (numbers = with_name(numbers, strcol('seed')), \
  widen(column(against), column('validation_error_mean_percent'))) : 0, 0) nooutput
if (most == 0) { least = 1; most = 100; furthest = 1e5 }
longest = 0
do for [k = 1:count] { longest = larger(longest, strlen(word(labels, k))) }

millions = furthest >= 2e6
unit = against ne 'examples' ? 1 : millions ? 1e6 : 1e3
set xlabel against ne 'examples' ? against : 'examples seen ('.(millions ? 'millions' : 'thousands').')' \
  textcolor rgb ink
set ylabel 'validation error (%)' textcolor rgb ink
# A little wider, or a last tick that is off by a rounding would not be shown.
set xrange [0:furthest / unit * 1.005]
set xtics tick_step(furthest / unit, longest > 15 ? 4 : 7)
set logscale y
set yrange [least / 1.15:smaller(100, most * 1.1)]
eval 'set ytics '.log_ticks(least, most)

set label title.': learning curves' at screen 0.02, 0.955 left font ',15' textcolor rgb ink
set tmargin at screen 0.89
set key outside right top Left reverse samplen 2.2 spacing 1.15

# A logarithmic axis cannot show an error of zero, which a small validation set can give.
shown(v) = measured(v) && v > 0 ? v : NaN
is(k, seed) = strcol('condition') eq word(names, k) && (seed eq '' || strcol('seed') eq seed)
place(k, seed) = is(k, seed) ? column(against) / unit : NaN
plot \
  for [s = 1:words(numbers) > 1 ? words(numbers) : 0] for [k = 1:count] \
    file using (place(k, word(numbers, s))):(shown(column('validation_error_mean_percent'))) \
    with lines lw 0.5 lc rgb '#90'.word(colours, k)[2:7] notitle, \
  for [k = 1:count] \
    file using (place(k, '')):(shown(column('validation_error_mean_percent'))) smooth unique \
    with lines lw 2 lc rgb word(colours, k) notitle, \
  for [k = 1:count] keyentry with lines lw 3 lc rgb word(colours, k) title shortened(word(labels, k), 26)
