# size 720x420
# Balls caught against frames played: thin lines are seeds, the thick one their mean, dashed the paper's best agent.
# Reads curves.csv: condition, seed, examples (games), validation_caught_mean_percent.

load style
file = data.'/curves.csv'
count = words(names)
frames_per_game = 24

numbers = ''
furthest = 0
stats file using (numbers = with_name(numbers, strcol('seed')), \
  furthest = larger(furthest, frames_per_game * column('examples')), 0) nooutput
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

is(k, seed) = strcol('condition') eq word(names, k) && (seed eq '' || strcol('seed') eq seed)
frames(k, seed) = is(k, seed) ? frames_per_game * column('examples') / unit : NaN
plot \
  paper with lines dt (6, 5) lw 1.4 lc rgb ink title 'paper, best agent', \
  blind with lines dt (2, 4) lw 1.2 lc rgb soft title 'not looking', \
  for [s = 1:words(numbers) > 1 ? words(numbers) : 0] for [k = 1:count] \
    file using (frames(k, word(numbers, s))):(column('validation_caught_mean_percent')) \
    with lines lw 0.5 lc rgb '#90'.word(colours, k)[2:7] notitle, \
  for [k = 1:count] file using (frames(k, '')):(column('validation_caught_mean_percent')) smooth unique \
    with lines lw 2 lc rgb word(colours, k) notitle, \
  for [k = 1:count] keyentry with lines lw 3 lc rgb word(colours, k) title shortened(word(labels, k), 30)
