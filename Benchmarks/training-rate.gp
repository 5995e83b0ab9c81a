# size 760x360
# Training images per second of the attention model, by size of image and batch: the limit, ours, and the peers.
# Bars are medians of the rounds, and lines on them go from the slowest to the fastest. The first two bars have their
# numbers; those of the peers are in the table.
# Reads cells.csv: network, part, batch, threads, contender, images_per_second, least, most.

load style
file = data.'/cells.csv'

is_here(network, part, count) = network[1:4] eq 'ram-' && part eq 'training' && count == threads + 0

networks = ''
batches = ''
contenders = ''
most = 0
stats file using (is_here(strcol('network'), strcol('part'), column('threads')) \
  ? (networks = with_name(networks, strcol('network')), batches = with_name(batches, strcol('batch')), \
     contenders = with_name(contenders, strcol('contender')), most = larger(most, column('most')), 0) \
  : 0) nooutput

# The limit first, then ours, then the peers.
drawn = '"limit" "ours" '
do for [k = 1:words(contenders)] { drawn = with_name(drawn, word(contenders, k)) }
# Each has a lightness of its own, so that they differ in black-and-white print.
colour_of_contender(name) = name eq 'limit' ? '#e2e2e2' : name eq 'ours' ? '#173f73' : \
  name eq 'torch-compile' ? '#c8560a' : name eq 'torch-eager' ? '#f2bd91' : name eq 'jax' ? '#2fb38a' : '#cc79a7'

left = 66.0
right = 16.0
gap = 14.0
count = words(networks)
panel = (width - left - right - gap * (count - 1)) / count
bars = words(drawn)
bar = 0.82 / bars

place(batch, contender) = position(batches, batch) + (position(drawn, contender) - (bars + 1) / 2.0) * bar
here(network, name) = is_here(strcol('network'), strcol('part'), column('threads')) && \
  strcol('network') eq network && strcol('contender') eq name
thousands(v) = v >= 9950 ? sprintf('%.0f', v / 1000) : sprintf('%.1f', v / 1000)

set yrange [0:most / 1000 * 1.12]
set xrange [0.5:words(batches) + 0.5]
set tmargin at screen 1 - 84 / height
set bmargin at screen 62 / height
set xtics scale 0
set xtics ()
do for [k = 1:words(batches)] { set xtics add (word(batches, k) k) }
set xlabel 'batch' textcolor rgb ink offset 0, 0.3
unset key

set multiplot
set label 1 sprintf('Training, thousand images per second, %s thread%s', threads, threads eq '1' ? '' : 's') \
  at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
# By hand: gnuplot gives every entry of a legend the width of the longest.
x = left
do for [c = 1:bars] {
  name = word(drawn, c)
  set object c rectangle from screen x / width, screen 1 - 52 / height to screen (x + 10) / width, screen 1 - 42 / height \
    fillcolor rgb colour_of_contender(name) fillstyle solid 1 noborder
  set label 10 + c name at screen (x + 15) / width, screen 1 - 47 / height left textcolor rgb ink
  x = x + 34 + 8.6 * strlen(name)
}
do for [n = 1:count] {
  eval nth(n)
  network = word(networks, n)
  side = network[5:]
  set label 2 side.'x'.side.' pixels' at graph 0, screen 1 - 70 / height left textcolor rgb ink
  if (n > 1) { set format y '' }
  plot for [c = 1:bars] file using (here(network, word(drawn, c)) ? place(strcol('batch'), word(drawn, c)) : NaN): \
      (column('images_per_second') / 1000):(0.94 * bar) \
      with boxes fillstyle solid 1 noborder lc rgb colour_of_contender(word(drawn, c)) notitle, \
    for [c = 1:bars] file using (here(network, word(drawn, c)) ? place(strcol('batch'), word(drawn, c)) : NaN): \
      (column('least') / 1000):(0):((column('most') - column('least')) / 1000) \
      with vectors nohead lw 1.2 lc rgb ink notitle, \
    for [c = 1:2] file using (here(network, word(drawn, c)) ? place(strcol('batch'), word(drawn, c)) : NaN): \
      (column('most') / 1000):(thousands(column('images_per_second'))) \
      with labels offset 0, 0.5 font ',10' textcolor rgb ink notitle
  unset label 1
  do for [c = 1:bars] { unset label 10 + c; unset object c }
}
unset multiplot
