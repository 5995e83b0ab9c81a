# size 720x630
# Noise of the location network's gradient against episodes per image: a column of panels per set of parameters, rows for
# the covariance's trace, signal to noise, and the distance of the mean from that without a baseline.
# Reads variance.csv: parameters, baseline, episodes, trace, signal_to_noise, difference_ratio, their bounds.

load style
file = data.'/variance.csv'

points = ''
baselines = ''
most = 1
stats file using (points = with_name(points, strcol('parameters')), baselines = with_name(baselines, strcol('baseline')), \
  most = larger(most, column('episodes')), 0) nooutput
panels = words(points)

array quantity[3] = ['trace', 'signal_to_noise', 'difference_ratio']
array lower[3] = ['trace_low', 'signal_to_noise_low', '']
array upper[3] = ['trace_high', 'signal_to_noise_high', 'difference_limit']
array heading[3] = ['trace of covariance', 'signal to noise', 'distance of mean']

# One scale along a row: a panel's height shows what training does to the noise.
array least[3] = [1e30, 1e30, 1e30]
array highest[3] = [0, 0, 0]
widen(r, v) = measured(v) && v > 0 ? (least[r] = smaller(least[r], v), highest[r] = larger(highest[r], v)) : 0
stats file using (sum [r = 1:3] (widen(r, column(quantity[r])), r < 3 ? widen(r, column(upper[r])) : 0, 0), 0) nooutput

# MARK: - Layout, in pixels of the SVG

width = 720.0
height = 630.0
left = 92.0
gap = 26.0
head = 88.0
foot = 66.0
between = 22.0
panel = (width - left - 16 - gap * (panels - 1)) / panels
row = (height - head - foot - 2 * between) / 3

is(k, name) = strcol('parameters') eq word(points, k) && strcol('baseline') eq name
# Baselines stand a little apart, so that none hides the other.
episodes(k, name) = is(k, name) ? column('episodes') * 1.05 ** (position(baselines, name) - (words(baselines) + 1) / 2.0) : NaN
# What a logarithmic axis cannot show, such as a variance of exactly 0, falls out of the frame at the bottom.
positive(v) = measured(v) && v > 0 ? v : 1e-30
set logscale xy
set xrange [0.8:most * 1.25]
set xtics (1, 2, 4, 8, 16, 32)
set format y '%g'
set grid ytics

set multiplot
set label 1 title.': noise of the gradient' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
set key at screen 1 - 14 / width, 1 - 46 / height right center Left reverse vertical maxrows 1 samplen 1.2 width -1
do for [r = 1:3] {
  top_ = height - head - (row + between) * (r - 1)
  set tmargin at screen top_ / height
  set bmargin at screen (top_ - row) / height
  floor_ = least[r] < 1e30 ? larger(least[r], highest[r] / (r == 1 ? 1e6 : 1e4)) : 0.1
  set yrange [floor_ / 1.6:larger(highest[r], floor_) * 1.6]
  if (r == 3) { set yrange [0.08:larger(highest[r], 12) * 1.6] }
  do for [k = 1:panels] {
    x = left + (panel + gap) * (k - 1)
    set lmargin at screen x / width
    set rmargin at screen (x + panel) / width
    if (k == 1) {
      set label 3 heading[r] at screen 16 / width, screen (top_ - row / 2) / height center rotate textcolor rgb ink
      set format y '%g'
    } else { set format y '' }
    if (r == 1) { set label 2 word(points, k) at graph 0, screen 1 - 76 / height left textcolor rgb ink }
    if (r == 3) { set format x '%g'; set xlabel 'episodes per image' textcolor rgb ink } else { set format x ''; unset xlabel }
    q = quantity[r]
    low = lower[r]
    high = upper[r]
    bottom(unused) = low eq '' ? 0.01 : larger(1e-30, column(low))
    plot NaN notitle, \
      for [s = 1:words(baselines)] file using (episodes(k, word(baselines, s))):(bottom(0)):(0): \
        (smaller(positive(column(high)), 1e6) - bottom(0)) with vectors nohead lw 1.4 lc rgb colour(word(baselines, s)) notitle, \
      for [s = 1:r == 1 ? words(baselines) : 0] file using (episodes(k, word(baselines, s))):(positive(column(q))) \
        with lines lw 1.6 lc rgb colour(word(baselines, s)) notitle, \
      for [s = 1:words(baselines)] file using (episodes(k, word(baselines, s))):(positive(column(q))) \
        with points pt 7 ps 0.6 * mark lc rgb colour(word(baselines, s)) notitle, \
      for [s = 1:words(baselines)] keyentry with lines lw 3 lc rgb colour(word(baselines, s)) title word(baselines, s)
    unset label 1
    unset label 2
    unset label 3
    unset key
  }
}
unset multiplot
