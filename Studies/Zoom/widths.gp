# size 720x346
# Width of the finest patch: by glimpse, and for the last glimpse by the size of the digit.
# Reads widths.csv: condition, glimpse, digit_from, digit_to, low, median, high.

load style
file = data.'/widths.csv'
count = words(names)

is(name) = strcol('condition') eq name
aside(name) = position(names, name) - (count + 1) / 2.0
all(name) = is(name) && !measured(column('digit_from')) ? column('glimpse') + aside(name) * 0.08 : NaN
sized(name) = is(name) && measured(column('digit_from')) \
  ? (column('digit_from') + column('digit_to')) / 2 + aside(name) * 0.3 : NaN
place(p, name) = p == 1 ? all(name) : sized(name)
# One colour for each series, because the pairs of models have one for both tasks.
shade(name) = word(by_turn, position(names, name))

furthest = 1
most = 12
everyone = ''
with_sizes = ''
note(name) = position(names, name) > 0 ? (furthest = larger(furthest, column('glimpse')), \
  most = larger(most, column('high')), everyone = with_name(everyone, name), \
  with_sizes = measured(column('digit_from')) ? with_name(with_sizes, name) : with_sizes, 0) : 0
stats file using (note(strcol('condition')), 0) nooutput
by_size = words(with_sizes) > 0

left = 62.0
gap = 62.0
panel = (width - left - 20 - gap) / 2
set logscale y 2
set yrange [10:most * 1.15]  # no look is narrower than one pixel per number
set ytics (12, 16, 24, 32, 48, 64, 96)
set tmargin at screen 1 - 112 / height
set bmargin at screen 60 / height
set key at screen 0.98, 1 - 60 / height right center Left reverse vertical maxrows 2 samplen 1.4 width -1

set multiplot
set label 1 title.': width of the finest patch' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
set label 3 'pixels' at screen 16 / width, screen 0.44 center rotate textcolor rgb ink
do for [p = 1:1 + by_size] {
  eval nth(p)
  set label 2 p == 1 ? 'by glimpse' : 'last glimpse, by size of the digit' \
    at graph 0, screen 1 - 96 / height left textcolor rgb ink
  if (p == 1) { set xrange [0.5:furthest + 0.5]; set xtics 1; set xlabel 'glimpse' textcolor rgb ink }
  if (p == 2) { set xrange [26:58]; set xtics 28, 7; set xlabel 'digit (pixels)' textcolor rgb ink }
  here = p == 1 ? everyone : with_sizes
  plot NaN notitle, \
    for [k = 1:words(here)] file using (place(p, word(here, k))):(column('low')):(0):(column('high') - column('low')) \
      with vectors nohead lw 1.4 lc rgb shade(word(here, k)) notitle, \
    for [k = 1:words(here)] file using (place(p, word(here, k))):(column('median')) \
      with lines lw 2 lc rgb shade(word(here, k)) notitle, \
    for [k = 1:words(here)] file using (place(p, word(here, k))):(column('median')) \
      with points pt mark_named(word(here, k)) ps 0.8 * mark lc rgb shade(word(here, k)) notitle, \
    for [k = 1:p == 1 ? words(here) : 0] keyentry with linespoints pt mark_named(word(here, k)) ps 0.8 * mark lw 2 \
      lc rgb shade(word(here, k)) title labelled(word(here, k))
  unset label
  unset key
}
unset multiplot
