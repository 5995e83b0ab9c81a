# size 720x420
# Test error of every condition: each seed, their mean with its 95 % interval, and the paper's value.
# Reads runs.csv: condition, test_error_percent, paper_error_percent.

load style
file = data.'/runs.csv'

names = ''
stats file using (wanted(strcol('condition')) ? names = with_name(names, strcol('condition')) : 0, 0) nooutput
count = words(names)

array seeds[count]
array total[count]
array squares[count]
array paper[count]
do for [k = 1:count] { seeds[k] = 0; total[k] = 0; squares[k] = 0; paper[k] = NaN }
least = 1e9
most = 0
widen(v) = measured(v) ? (least = smaller(least, v), most = larger(most, v)) : 0
take(k, v) = k > 0 && measured(v) \
  ? (seeds[k] = seeds[k] + 1, total[k] = total[k] + v, squares[k] = squares[k] + v * v, widen(v)) : 0
note(k, v) = k > 0 && measured(v) ? (paper[k] = v, widen(v)) : 0
stats file using (k = position(names, strcol('condition')), \
  take(k, column('test_error_percent')), note(k, column('paper_error_percent')), 0) nooutput
if (most == 0) { most = 1 }
logarithmic = least > 0 && most > 8 * least

longest = 0
do for [k = 1:count] { longest = larger(longest, strlen(shortened(word(names, k), 40))) }

# Two seeds can give an interval many times the error: it then runs out of the frame.
mean(k) = seeds[k] > 0 ? total[k] / seeds[k] : NaN
variance(k) = larger(0, squares[k] - seeds[k] * mean(k) ** 2) / (seeds[k] - 1)
half(k) = seeds[k] > 1 ? t_quantile(seeds[k]) * sqrt(variance(k) / seeds[k]) : NaN
reach = most
do for [k = 1:count] { if (measured(half(k))) { reach = larger(reach, mean(k) + half(k)) } }
most_seeds = 0
do for [k = 1:count] { most_seeds = larger(most_seeds, seeds[k]) }
reach = smaller(reach, 1.5 * most)

row_height = smaller(52.0, 280.0 / larger(1, count))
height = 75 + row_height * count + 68
top = height - 75
eval resize(720, int(height))
set tmargin at screen top / height
set bmargin at screen (top - row_height * count) / height
set lmargin longest * 0.88 + 3
set rmargin at screen 0.79
set yrange [count + 0.5:0.5]
unset ytics
set border 1
set grid noytics xtics
set xlabel 'test error (%)' textcolor rgb ink
if (logarithmic) {
  start = least / 1.25
  end = reach * 1.1
  set logscale x
  eval 'set xtics '.log_ticks(least, reach)
} else {
  start = 0
  end = reach * 1.05
  set xtics tick_step(end, longest > 25 ? 4 : 6)
}
set xrange [start:end]

set label title.': test error' at screen 0.02, 1 - 20 / height left font ',15' textcolor rgb ink
set label 'ours' at screen 0.885, screen (top + 14) / height right textcolor rgb soft
set label 'paper' at screen 0.98, screen (top + 14) / height right textcolor rgb soft
tested = ''
do for [k = 1:count] {
  name = word(names, k)
  set label shortened(name, 40) at graph -0.015, first k right textcolor rgb ink
  if (seeds[k] > 0) {
    tested = with_name(tested, name)
    set label sprintf('%.2f', mean(k)) at screen 0.885, first k right textcolor rgb ink
    # Bars need a zero to start from, which a logarithmic axis has not.
    if (!logarithmic) {
      set object rectangle from 0, k - 0.3 to mean(k), k + 0.3 \
        fillcolor rgb colour(name) fillstyle solid 0.22 noborder back
    }
    set arrow from mean(k), k - 0.3 to mean(k), k + 0.3 nohead lw 3 lc rgb colour(name)
  }
  if (measured(half(k))) {
    set arrow from larger(start, mean(k) - half(k)), k to smaller(end, mean(k) + half(k)), k \
      nohead lw 1.6 lc rgb colour(name)
  }
  if (measured(paper[k])) {
    set label sprintf('%.2f', paper[k]) at screen 0.98, first k right textcolor rgb soft
    set label '' at paper[k], k point pt 13 ps 1.1 * mark lc rgb 'black' front
  }
}

# The legend stands in the line of the two column heads.
line = (top + 14) / height
several = most_seeds > 1
set label '' at screen 0.035, line point pt 7 ps 0.55 * mark lc rgb soft
set label 'a seed' at screen 0.05, line left textcolor rgb soft
set arrow from screen 0.155, line - 7.5 / height to screen 0.155, line + 7.5 / height nohead lw 3 lc rgb soft
set label several ? 'mean with 95 % interval' : 'mean' at screen 0.17, line left textcolor rgb soft
set label '' at screen (several ? 0.455 : 0.27), line point pt 13 ps 1.1 * mark lc rgb 'black'
set label 'paper' at screen (several ? 0.475 : 0.29), line left textcolor rgb soft

# Seeds stand a little apart and on white, so that none hides the other or the mean.
at_seed(name) = strcol('condition') eq name ? column('test_error_percent') : NaN
row_of(name, seed) = position(names, name) + (int(seed) % 10 - 4.5) * 0.05
unset key
plot NaN, \
  for [halo = 1:0:-1] for [k = 1:words(tested)] file using \
    (at_seed(word(tested, k))):(row_of(word(tested, k), column('seed'))) \
    with points pt 7 ps (0.55 + 0.2 * halo) * mark lc rgb halo ? 'white' : colour(word(tested, k))
