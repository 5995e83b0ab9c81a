# size 640x420
# Test error of every condition: each seed, their mean with its 95 % interval, and the paper's value.
# Reads summary.csv: condition, mean_percent, half_width_percent, paper_percent, seeds; runs.csv: condition, seed,
# test_error_percent.

load style
summary = data.'/summary.csv'
runs = data.'/runs.csv'
count = words(names)

array mean[count]
array half[count]
array paper[count]
do for [k = 1:count] { mean[k] = NaN; half[k] = NaN; paper[k] = NaN }
least = 1e9
most = 0
reach = 0
most_seeds = 0
papers = 0
widen(v) = measured(v) ? (least = smaller(least, v), most = larger(most, v), reach = larger(reach, v)) : 0
take(k) = (mean[k] = column('mean_percent'), half[k] = column('half_width_percent'), paper[k] = column('paper_percent'), \
  widen(mean[k]), widen(paper[k]), papers = papers + measured(paper[k]), reach = measured(half[k]) ? larger(reach, mean[k] + half[k]) : reach, \
  most_seeds = larger(most_seeds, column('seeds')))
stats summary using (k = position(names, strcol('condition')), k > 0 ? take(k) : 0, 0) nooutput
stats runs using (position(names, strcol('condition')) > 0 ? widen(column('test_error_percent')) : 0, 0) nooutput
if (most == 0) { most = 1 }
# Two seeds can give an interval many times the error, which then runs out of the frame.
reach = smaller(larger(reach, most), 1.5 * most)
logarithmic = least > 0 && most > 8 * least

longest = 0
do for [k = 1:count] { longest = larger(longest, strlen(shortened(word(labels, k), 40))) }

row_height = smaller(52.0, 280.0 / larger(1, count))
# Wide enough that long names leave room for the bars.
width = 640.0 + larger(0, 8.3 * (longest - 24))
height = 75 + row_height * count + 68
top = height - 75
eval resize(int(width), int(height))
eval below(top, row_height * count)
set lmargin at screen (8.3 * longest + 24) / width
set rmargin at screen (width - 144) / width
set yrange [count + 0.5:0.5]
unset ytics
set border 1
set grid noytics xtics
set xlabel 'test error (%)' textcolor rgb ink
if (logarithmic) {
  start = least / 1.25
  end = reach * 1.1
  set logscale x
  set xlabel 'test error (%), logarithmic scale' textcolor rgb ink
  eval 'set xtics '.log_ticks(least, reach)
} else {
  start = 0
  end = reach * 1.05
  set xtics tick_step(end, longest > 25 ? 4 : 6)
}
set xrange [start:end]

set label title.': test error' at screen 13 / width, 1 - 20 / height left font ',15' textcolor rgb ink
set label 'ours' at screen (width - 74) / width, screen (top + 14) / height right textcolor rgb soft
if (papers > 0) { set label 'paper' at screen (width - 13) / width, screen (top + 14) / height right textcolor rgb soft }
do for [k = 1:count] {
  set label shortened(word(labels, k), 40) at graph -0.015, first k right textcolor rgb ink
  if (measured(mean[k])) {
    set label sprintf('%.2f', mean[k]) at screen (width - 74) / width, first k right textcolor rgb ink
    # Bars start from zero, which a logarithmic axis does not have.
    if (!logarithmic) {
      set object rectangle from 0, k - 0.3 to mean[k], k + 0.3 \
        fillcolor rgb word(colours, k) fillstyle solid 0.22 noborder back
    }
    set arrow from mean[k], k - 0.3 to mean[k], k + 0.3 nohead lw 3 lc rgb word(colours, k)
  }
  if (measured(half[k])) {
    set arrow from larger(start, mean[k] - half[k]), k to smaller(end, mean[k] + half[k]), k \
      nohead lw 1.6 lc rgb word(colours, k)
  }
  if (measured(paper[k])) {
    set label sprintf('%.2f', paper[k]) at screen (width - 13) / width, first k right textcolor rgb soft
    set label '' at paper[k], k point pt 13 ps 1.1 * mark lc rgb 'black' front
  }
}

# The legend stands on the line of the two column heads. A single seed has no point, because it is the mean.
line = (top + 14) / height
several = most_seeds > 1
x = 22
if (several) {
  set label '' at screen x / width, line point pt 7 ps 0.55 * mark lc rgb soft
  set label 'a seed' at screen (x + 8) / width, line left textcolor rgb soft
  x = x + 72
}
ours = several ? 'mean with 95 % interval' : 'ours (one seed)'
set arrow from screen x / width, line - 7.5 / height to screen x / width, line + 7.5 / height nohead lw 3 lc rgb soft
set label ours at screen (x + 8) / width, line left textcolor rgb soft
x = x + 28 + 8.0 * strlen(ours)
if (papers > 0) {
  set label '' at screen x / width, line point pt 13 ps 1.1 * mark lc rgb 'black'
  set label 'paper' at screen (x + 10) / width, line left textcolor rgb soft
}

# Seeds stand a little apart, each on a white halo, so that none hides another or the mean.
at_seed(k) = strcol('condition') eq word(names, k) ? column('test_error_percent') : NaN
row_of(k, seed) = k + (int(seed) % 10 - 4.5) * 0.05
unset key
plot NaN, \
  for [halo = 1:0:-1] for [k = 1:several ? count : 0] runs using (at_seed(k)):(row_of(k, column('seed'))) \
    with points pt 7 ps (0.55 + 0.2 * halo) * mark lc rgb halo ? 'white' : word(colours, k)
