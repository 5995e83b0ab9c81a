# size 720x396
# Mean number of glimpses, and test error, by the number of clutter pieces on the digit, one line for each condition.
# Reads difficulty.csv: condition, pieces, glimpses, glimpses_half_width, error_percent, error_half_width.

load style
file = data.'/difficulty.csv'

shown = ''
most = 0
array top[2] = [0, 0]
quantity(p) = p == 1 ? column('glimpses') : column('error_percent')
interval(p) = p == 1 ? half('glimpses_half_width') : half('error_half_width')
note(unused) = (shown = with_name(shown, strcol('condition')), most = larger(most, column('pieces')), \
  top[1] = larger(top[1], quantity(1)), top[2] = larger(top[2], quantity(2)), 0)
stats file using (note(0), 0) nooutput
array heading[2] = ['glimpses', 'test error (%)']

# MARK: - Layout, in pixels of the SVG

left = 66.0
gap = 70.0
panel = (width - left - 16 - gap) / 2

count = words(shown)
aside(name) = (position(shown, name) - (count + 1) / 2.0) * 0.06
pieces(name) = strcol('condition') eq name ? column('pieces') + aside(name) : NaN
set xrange [-0.4:most + 0.4]
set xtics 1
set xlabel 'pieces of clutter on the digit' textcolor rgb ink
set tmargin at screen 1 - 124 / height
set bmargin at screen 62 / height
set key at screen left / width, 1 - 78 / height left center Left reverse vertical maxrows 4 samplen 1.5

set multiplot
set label 1 title.': by clutter on the digit' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
do for [p = 1:2] {
  edge = left + (panel + gap) * (p - 1)
  eval beside(edge, panel)
  set yrange [0:larger(top[p], 0.1) * 1.15]
  set ytics tick_step(larger(top[p], 0.1), 5)
  set label 3 heading[p] at screen (edge - 44) / width, screen (62 + (height - 186) / 2) / height center rotate textcolor rgb ink
  plot NaN notitle, \
    for [s = 1:count] file using (pieces(word(shown, s))):(quantity(p) - interval(p)):(0):(2 * interval(p)) \
      with vectors nohead lw 1.3 lc rgb colour(word(shown, s)) notitle, \
    for [s = 1:count] file using (pieces(word(shown, s))):(quantity(p)) \
      with linespoints lw 1.8 pt mark_named(word(shown, s)) ps 0.7 * mark lc rgb colour(word(shown, s)) notitle, \
    for [s = 1:count] keyentry with linespoints lw 2 pt mark_named(word(shown, s)) ps 0.7 * mark lc rgb colour(word(shown, s)) \
      title word(labels, position(names, word(shown, s)))
  unset label 1
  unset key
}
unset multiplot
