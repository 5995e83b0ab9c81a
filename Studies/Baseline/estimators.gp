# size 720x608
# The location network's gradient by estimator, glimpse by glimpse. Each set of parameters has a column of two panels: the
# covariance's trace relative to the first estimator's, and the signal-to-noise ratio.
# Reads estimators.csv: parameters, estimator, glimpse, relative_trace, signal_to_noise, their bounds.

load style
file = data.'/estimators.csv'

points = ''
estimators = ''
furthest = 2
stats file using (points = with_name(points, strcol('parameters')), \
  estimators = with_name(estimators, strcol('estimator')), \
  furthest = measured(column('glimpse')) ? larger(furthest, column('glimpse')) : furthest, 0) nooutput
panels = words(points)
count = words(estimators)

low(r) = r == 1 ? column('relative_trace_low') : column('signal_to_noise_low')
high(r) = r == 1 ? column('relative_trace_high') : column('signal_to_noise_high')
# A signal whose interval contains 0 is lost in the noise and not shown.
quantity(r) = r == 1 ? column('relative_trace') : low(r) > 0 ? column('signal_to_noise') : NaN
array heading[2] = ['relative trace', 'signal to noise']

# One scale for a row, so that panels show what training does to the noise.
array least[2] = [1e30, 1e30]
array highest[2] = [0, 0]
widen(r, v) = measured(v) && v > 0 ? (least[r] = smaller(least[r], v), highest[r] = larger(highest[r], v)) : 0
stats file using (sum [r = 1:2] (widen(r, quantity(r)), widen(r, low(r)), widen(r, high(r)), 0), 0) nooutput

# MARK: - Layout, in pixels of the SVG

left = 92.0
gap = 26.0
head = 172.0
foot = 68.0
between = 22.0
panel = (width - left - 16 - gap * (panels - 1)) / panels
row = (height - head - foot - between) / 2

# Estimators stand a little apart, so that none hides another. The position after the last glimpse is for all glimpses.
is(k, name) = strcol('parameters') eq word(points, k) && strcol('estimator') eq name
aside(name) = (position(estimators, name) - (count + 1) / 2.0) * 0.065
glimpse(k, name) = is(k, name) ? column('glimpse') + aside(name) : NaN
whole(k, name) = is(k, name) && !measured(column('glimpse')) ? furthest + 1.3 + aside(name) : NaN
any(k, name) = measured(column('glimpse')) ? glimpse(k, name) : whole(k, name)
# What is lost in the noise is placed below the frame.
is_shown(r) = measured(quantity(r)) && low(r) > 0
shown(r, v) = is_shown(r) ? v : 1e-30
shape(s) = mark_named(word(estimators, s))
# How many points each panel has.
array points_in[2 * panels]
do for [k = 1:2 * panels] { points_in[k] = 0 }
stats file using (k = position(points, strcol('parameters')), \
  sum [r = 1:2] (is_shown(r) ? (points_in[(r - 1) * panels + k] = points_in[(r - 1) * panels + k] + 1, 0) : 0), 0) nooutput

set logscale y
set xrange [1.5:furthest + 1.8]

set multiplot
set label 1 title.': noise by glimpse' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
set key at screen left / width, 1 - 85 / height left center Left reverse vertical maxrows 5 samplen 1 width -3
do for [r = 1:2] {
  top_ = height - head - (row + between) * (r - 1)
  eval below(top_, row)
  if (highest[r] == 0) { least[r] = 0.1; highest[r] = 1 }
  set yrange [larger(least[r], highest[r] / 1e6) / 1.6:highest[r] * 1.6]
  do for [k = 1:panels] {
    eval nth(k)
    if (k == 1) {
      set label 3 heading[r] at screen 16 / width, screen (top_ - row / 2) / height center rotate textcolor rgb ink
      set format y '%g'
    } else { set format y '' }
    if (r == 1) { set label 2 word(points, k) at graph 0, screen 1 - 158 / height left textcolor rgb ink }
    set xtics 2, 1, furthest
    if (r == 2) {
      set format x '%g'
      set xlabel 'glimpse decided on' textcolor rgb ink
      set xtics add ('all' furthest + 1.3)
    } else { set format x ''; set xtics add ('' furthest + 1.3); unset xlabel }
    if (points_in[(r - 1) * panels + k] == 0) {
      set label 4 'none above the noise' at graph 0.5, graph 0.5 center textcolor rgb soft
    }
    plot NaN notitle, \
      for [s = 1:count] file using (any(k, word(estimators, s))):(shown(r, low(r))):(0): \
        (is_shown(r) ? high(r) - low(r) : 0) with vectors nohead lw 1.2 lc rgb colour(word(estimators, s)) notitle, \
      for [s = 1:r == 1 ? count : 0] file using (glimpse(k, word(estimators, s))):(shown(r, quantity(r))) \
        with lines lw 1.2 lc rgb colour(word(estimators, s)) notitle, \
      for [s = 1:count] file using (any(k, word(estimators, s))):(shown(r, quantity(r))) \
        with points pt shape(s) ps 0.8 * mark lw 1.3 lc rgb colour(word(estimators, s)) notitle, \
      for [s = 1:count] keyentry with linespoints lw 2 pt shape(s) ps 0.8 * mark lc rgb colour(word(estimators, s)) \
        title labelled(word(estimators, s))
    unset label
    unset key
  }
}
unset multiplot
