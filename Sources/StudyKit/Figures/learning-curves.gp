# size 720x420
# Validation error against examples seen, or another column: thin lines are seeds, the thick one their mean.
# Reads curves.csv: condition, seed, examples or what `against` names, validation_error_percent.

load style
file = data.'/curves.csv'

names = ''
numbers = ''
least = 1e9
most = 0
furthest = 0
widen(x, v) = wanted(strcol('condition')) && measured(v) && v > 0 \
  ? (furthest = larger(furthest, x), least = smaller(least, v), most = larger(most, v)) : 0
stats file using (wanted(strcol('condition')) ? names = with_name(names, strcol('condition')) : 0, \
  numbers = with_name(numbers, strcol('seed')), \
  widen(column(against), column('validation_error_percent')), 0) nooutput
if (most == 0) { least = 1; most = 100; furthest = 1e5 }
longest = 0
do for [k = 1:words(names)] { longest = larger(longest, strlen(word(names, k))) }

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
is(name, seed) = strcol('condition') eq name && (seed eq '' || strcol('seed') eq seed)
examples(name, seed) = is(name, seed) ? column(against) / unit : NaN
plot \
  for [s = 1:words(numbers)] for [k = 1:words(names)] \
    file using (examples(word(names, k), word(numbers, s))):(shown(column('validation_error_percent'))) \
    with lines lw 0.5 lc rgb '#90'.colour(word(names, k))[2:7] notitle, \
  for [k = 1:words(names)] \
    file using (examples(word(names, k), '')):(shown(column('validation_error_percent'))) smooth unique \
    with lines lw 2 dt dashes(word(names, k)) lc rgb colour(word(names, k)) notitle, \
  for [k = 1:words(names)] keyentry \
    with lines lw 3 dt dashes(word(names, k)) lc rgb colour(word(names, k)) title shortened(word(names, k), 26)
