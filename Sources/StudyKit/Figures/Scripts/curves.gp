# Curves over training, each labelled at its end. Thin lines are seeds, thick ones their means, and marks tell conditions
# apart where they cross. A figure's script loads this after the style, and first sets
#   x(unused), y(unused)      of a row of curves.csv and of mean_curves.csv; NaN where not measured
#   x_name, y_name, heading   the axis labels and the heading
#   is_logarithmic            whether y is; else it runs from 0 to 100

seeds = data.'/curves.csv'
means = data.'/mean_curves.csv'
count = words(names)

# MARK: - What there is to draw, and where each mean ends

numbers = ''
pairs = ''  # a condition and one of its seeds: 2/1
least = 1e9
most = 0
furthest = 0
epochs = 1
array end_x[larger(1, count)]
array end_y[larger(1, count)]
do for [k = 1:count] { end_x[k] = -1 }
# A logarithmic axis cannot show an error of zero, which a small validation set can give.
is_shown(v) = measured(v) && (!is_logarithmic || v > 0)
take(k, x, v) = (numbers = with_name(numbers, strcol('seed')), epochs = larger(epochs, column('epoch')), \
  is_shown(v) ? (furthest = larger(furthest, x), least = smaller(least, v), most = larger(most, v), \
    pairs = with_name(pairs, sprintf('%d/%s', k, strcol('seed')))) : 0)
stats seeds using (k = position(names, strcol('condition')), k > 0 ? take(k, x(0), y(0)) : 0, 0) nooutput
stats means using (k = position(names, strcol('condition')), \
  k > 0 && is_shown(y(0)) ? (end_x[k] = x(0), end_y[k] = y(0)) : 0, 0) nooutput
if (most == 0) { least = 1; most = 100; furthest = 1e5 }
longest = 0
do for [k = 1:count] { longest = larger(longest, strlen(shortened(word(labels, k), 28))) }

# MARK: - Axes, in pixels of the SVG

left = 74.0
right = width - 42 - 8.8 * longest
top = height - 50
bottom = 62.0
set lmargin at screen left / width
set rmargin at screen right / width
set tmargin at screen top / height
set bmargin at screen bottom / height

# Thousands, millions, billions or trillions.
power = furthest >= 2e12 ? 4 : furthest >= 2e9 ? 3 : furthest >= 2e6 ? 2 : furthest >= 2e3 ? 1 : 0
unit = 1e3 ** power
set xlabel x_name.(power > 0 ? ' ('.word('thousands millions billions trillions', power).')' : '') textcolor rgb ink
set ylabel y_name textcolor rgb ink
# A little wider, so that rounding does not hide the last tick.
set xrange [0:furthest / unit * 1.005]
set xtics tick_step(furthest / unit, (right - left) / 75)
low = is_logarithmic ? least / 1.15 : 0
high = is_logarithmic ? smaller(100, most * 1.1) : 100
set yrange [low:high]
if (is_logarithmic) { set logscale y; eval 'set ytics '.log_ticks(least, most) } else { set ytics 20 }
set label title.': '.heading at screen 0.02, 1 - 20 / height left font ',15' textcolor rgb ink

# MARK: - Names at the ends, the highest first, without overlaps

pixel(v) = bottom + (top - bottom) * (is_logarithmic ? log(v / low) / log(high / low) : (v - low) / (high - low))
array order[larger(1, count)]
array wanted[larger(1, count)]
array at[larger(1, count)]
array other[larger(1, count)]
ends = 0
do for [k = 1:count] {
  if (end_x[k] >= 0) { ends = ends + 1; order[ends] = k; wanted[k] = pixel(end_y[k]) }
}
do for [i = 1:ends - 1] {
  do for [j = i + 1:ends] {
    if (wanted[order[j]] > wanted[order[i]]) { swapped = order[i]; order[i] = order[j]; order[j] = swapped }
  }
}
pitch = smaller(17.0, (top - bottom) / larger(1, ends - 1))
# Names that are too close are moved apart: half-way between moving them all down and moving them all up.
do for [i = 1:ends] { at[i] = i == 1 ? wanted[order[i]] : smaller(wanted[order[i]], at[i - 1] - pitch) }
do for [i = ends:1:-1] { other[i] = i == ends ? wanted[order[i]] : larger(wanted[order[i]], other[i + 1] + pitch) }
do for [i = 1:ends] { at[i] = (at[i] + other[i]) / 2 }
do for [i = ends:1:-1] { at[i] = larger(at[i], i == ends ? bottom + 4 : at[i + 1] + pitch) }
do for [i = 1:ends] { at[i] = smaller(at[i], i == 1 ? top : at[i - 1] - pitch) }
do for [i = 1:ends] {
  k = order[i]
  set arrow from first end_x[k] / unit, first end_y[k] to graph 1, first end_y[k] nohead lw 0.8 dt (2, 4) \
    lc rgb word(colours, k)
  set arrow from graph 1, first end_y[k] to screen (right + 18) / width, screen at[i] / height nohead lw 0.8 \
    lc rgb word(colours, k)
  set label '' at screen (right + 24) / width, screen at[i] / height point pt mark_of(k) ps 0.9 * mark \
    lc rgb word(colours, k)
  set label shortened(word(labels, k), 28) at screen (right + 36) / width, screen at[i] / height left textcolor rgb ink
}

# MARK: - The curves

is(k) = strcol('condition') eq word(names, k)
of_seed(k, seed) = is(k) && strcol('seed') eq seed ? x(0) / unit : NaN
of_mean(k) = is(k) ? x(0) / unit : NaN
# gnuplot evaluates a loop's first round even where there is none.
first_of(i) = i > words(pairs) ? 1 : int(word(pairs, i)[1:strstrt(word(pairs, i), '/') - 1])
second_of(i) = i > words(pairs) ? '' : word(pairs, i)[strstrt(word(pairs, i), '/') + 1:*]
up(unused) = is_shown(y(0)) ? y(0) : NaN
# About seven marks on each curve, at different epochs for different conditions.
apart = int(larger(1, ceil(epochs / 7.0)))
is_marked(k) = (int(column('epoch')) + (k - 1) * int(larger(1, floor(apart / larger(1.0, count))))) % apart == 0
marked(k) = is_marked(k) ? of_mean(k) : NaN
unset key
plot NaN, \
  for [i = 1:words(numbers) > 1 ? words(pairs) : 0] \
    seeds using (of_seed(first_of(i), second_of(i))):(up(0)) with lines lw 0.5 lc rgb '#90'.word(colours, first_of(i))[2:7], \
  for [k = 1:count] means using (of_mean(k)):(up(0)) with lines lw 2 lc rgb word(colours, k), \
  for [k = 1:count] means using (marked(k)):(up(0)) with points pt 7 ps 1.25 * mark lc rgb 'white', \
  for [k = 1:count] means using (marked(k)):(up(0)) with points pt mark_of(k) ps 0.9 * mark lw 1.4 lc rgb word(colours, k)
