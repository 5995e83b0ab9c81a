# size 720x420
# Balls caught against frames played: thin lines are seeds, the thick one their mean, dashed the paper's best agent.
# Reads curves.csv: condition, seed, frames, caught_greedy_percent.

load style
file = data.'/curves.csv'

names = ''
numbers = ''
furthest = 0
widen(x) = (furthest = larger(furthest, x))
stats file using (names = with_name(names, strcol('condition')), numbers = with_name(numbers, strcol('seed')), \
  widen(column('frames')), 0) nooutput
if (furthest == 0) { furthest = 1e5 }

paper = 85  # section 4.2
blind = 100.0 / 12

millions = furthest >= 2e6
unit = millions ? 1e6 : 1e3
set xlabel 'frames played ('.(millions ? 'millions' : 'thousands').')' textcolor rgb ink
set ylabel 'balls caught (%)' textcolor rgb ink
set xrange [0:furthest / unit]
set xtics tick_step(furthest / unit, 7)
set yrange [0:100]
set ytics 20

set label title.': balls caught' at screen 0.02, 0.955 left font ',15' textcolor rgb ink
set tmargin at screen 0.89
set key outside right top Left reverse samplen 2.2 spacing 1.15

is(name, seed) = strcol('condition') eq name && (seed eq '' || strcol('seed') eq seed)
frames(name, seed) = is(name, seed) ? column('frames') / unit : NaN
plot \
  paper with lines dt (6, 5) lw 1.4 lc rgb ink title 'paper, best agent', \
  blind with lines dt (2, 4) lw 1.2 lc rgb soft title 'not looking', \
  for [s = 1:words(numbers)] for [k = 1:words(names)] \
    file using (frames(word(names, k), word(numbers, s))):(column('caught_greedy_percent')) \
    with lines lw 0.5 lc rgb '#90'.colour(word(names, k))[2:7] notitle, \
  for [k = 1:words(names)] \
    file using (frames(word(names, k), '')):(column('caught_greedy_percent')) smooth unique \
    with lines lw 2 lc rgb colour(word(names, k)) notitle, \
  for [k = 1:words(names)] keyentry with lines lw 3 lc rgb colour(word(names, k)) title word(names, k)
