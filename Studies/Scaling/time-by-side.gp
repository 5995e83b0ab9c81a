# size 720x340
# Measured time per image against the image's side: training and inference of each network, and making the scene.
# A bar reaches from the fastest repetition to the upper quartile.
# Reads timing.csv: network, side, part, microseconds_per_image, upper_quartile.

load style
file = data.'/timing.csv'

networks = ''
smallest = 1e9
largest = 0
least = 1e9
most = 0
stats file using (strcol('network') eq 'world' ? 0 : (networks = with_name(networks, strcol('network'))), \
  smallest = smaller(smallest, column('side')), largest = larger(largest, column('side')), \
  least = smaller(least, column('microseconds_per_image')), most = larger(most, column('upper_quartile')), 0) nooutput

left = 82.0
gap = 60.0
panel = (width - left - 16 - gap) / 2

fastest(unused) = column('microseconds_per_image')
upper(unused) = column('upper_quartile')
at(name, part) = strcol('network') eq name && strcol('part') eq part ? column('side') : NaN
set logscale xy
set xrange [smallest / 1.1:largest * 1.1]
set yrange [least / 1.3:most * 1.3]
set xtics (28, 40, 60, 100, 200, 400)
set xlabel 'side of the image (pixels)' textcolor rgb ink
set tmargin at screen 1 - 84 / height
set bmargin at screen 60 / height

array parts_[2] = ['training', 'inference']
making = 'scene table'
array grey[2] = ['#8a8a8a', '#8a6020']
set multiplot
set label 1 title.': time' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
set label 3 'microseconds per image' at screen 18 / width, screen 158 / height center rotate textcolor rgb ink
set key at screen 1 - 14 / width, 1 - 46 / height right center Left reverse vertical maxrows 1 samplen 2 width 1
do for [k = 1:2] {
  eval nth(k)
  set label 2 parts_[k] at graph 0, screen 1 - 70 / height left textcolor rgb ink
  part = parts_[k]
  plot for [s = 1:2] file using (at('world', word(making, s))):(fastest(0)):(0):(upper(0) - fastest(0)) \
      with vectors nohead lw 1.4 lc rgb grey[s] notitle, \
    for [s = 1:words(networks)] file using (at(word(networks, s), part)):(fastest(0)):(0):(upper(0) - fastest(0)) \
      with vectors nohead lw 1.4 lc rgb colour(word(networks, s)) notitle, \
    for [s = 1:2] file using (at('world', word(making, s))):(fastest(0)) \
      with lines lw 2 dt (s == 1 ? 6 : 2, s == 1 ? 4 : 3) lc rgb grey[s] notitle, \
    for [s = 1:words(networks)] file using (at(word(networks, s), part)):(fastest(0)) \
      with lines lw 2 lc rgb colour(word(networks, s)) notitle, \
    for [s = 1:words(networks)] file using (at(word(networks, s), part)):(fastest(0)) \
      with points pt mark_named(word(networks, s)) ps 0.8 * mark lc rgb colour(word(networks, s)) notitle, \
    for [s = 1:words(networks)] keyentry with linespoints lw 2 pt mark_named(word(networks, s)) ps 0.8 * mark \
      lc rgb colour(word(networks, s)) title word(networks, s), \
    keyentry with lines lw 2 dt (6, 4) lc rgb grey[1] title 'scene', \
    keyentry with lines lw 2 dt (2, 3) lc rgb grey[2] title 'table'
  unset label
  unset key
}
unset multiplot
