# size 720x340
# Multiply-adds of one forward pass, and parameters, against the image's side; all axes logarithmic.
# Reads costs.csv: network, side, parameters, multiply_adds.

load style
file = data.'/costs.csv'

networks = ''
smallest = 1e9
largest = 0
stats file using (networks = with_name(networks, strcol('network')), smallest = smaller(smallest, column('side')), \
  largest = larger(largest, column('side')), 0) nooutput

left = 66.0
gap = 60.0
panel = (width - left - 16 - gap) / 2

at(name) = strcol('network') eq name ? column('side') : NaN
set logscale xy
set xrange [smallest / 1.1:largest * 1.1]
set xtics (28, 40, 60, 100, 200, 400)
set xlabel 'side of the image (pixels)' textcolor rgb ink
set tmargin at screen 1 - 84 / height
set bmargin at screen 60 / height

array columns_[2] = ['multiply_adds', 'parameters']
array titles_[2] = ['multiply-adds per image (millions)', 'parameters (millions)']
set multiplot
set label 1 title.': arithmetic and parameters' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
set key at screen 1 - 14 / width, 1 - 46 / height right center Left reverse vertical maxrows 1 samplen 2 width 1
do for [k = 1:2] {
  eval nth(k)
  set label 2 titles_[k] at graph 0, screen 1 - 70 / height left textcolor rgb ink
  quantity = columns_[k]
  plot for [s = 1:words(networks)] file using (at(word(networks, s))):(column(quantity) / 1e6) \
      with lines lw 2 lc rgb colour(word(networks, s)) notitle, \
    for [s = 1:words(networks)] file using (at(word(networks, s))):(column(quantity) / 1e6) \
      with points pt mark_named(word(networks, s)) ps 0.8 * mark lc rgb colour(word(networks, s)) notitle, \
    for [s = 1:words(networks)] keyentry with linespoints lw 2 pt mark_named(word(networks, s)) ps 0.8 * mark \
      lc rgb colour(word(networks, s)) title word(networks, s)
  unset label 1
  unset key
}
unset multiplot
