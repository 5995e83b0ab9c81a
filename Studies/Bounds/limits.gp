# size 720x360
# The test error of every gaze in two parts, one panel for each task: up to the oracle's error, and the rest.
# Reads limits.csv: task, gaze, error_percent, error_half_width, seeing_percent, looking_percent.

load style
file = data.'/limits.csv'

tasks = ''
gazes = ''
most = 0
note(unused) = (tasks = with_name(tasks, strcol('task')), gazes = with_name(gazes, strcol('gaze')), \
  most = larger(most, column('error_percent') + half('error_half_width')), 0)
stats file using (note(0), 0) nooutput
panels = words(tasks)
count = words(gazes)

seeing_colour = '#56b4e9'
looking_colour = '#d55e00'

# MARK: - Layout, in pixels of the SVG

left = 84.0
gap = 40.0
panel = (width - left - 16 - gap * (panels - 1)) / panels

is(k) = strcol('task') eq word(tasks, k)
place(k) = is(k) ? position(gazes, strcol('gaze')) : NaN
# One scale for all tasks, so that bars can be compared.
furthest = larger(0.1, most)

set yrange [count + 0.6:0.4]
set border 1
set grid noytics xtics
set xlabel 'test error (%)' textcolor rgb ink
set tmargin at screen 1 - 96 / height
set bmargin at screen 62 / height
set key at screen 1 - 14 / width, 1 - 50 / height right center Left reverse vertical maxrows 1 samplen 1.5 width 1
set style fill solid 0.9 noborder

set multiplot
set label 1 title.': where it looks, or what it makes of what it sees?' at screen 0.02, 1 - 22 / height left \
  font ',15' textcolor rgb ink
do for [k = 1:panels] {
  eval nth(k)
  set xrange [0:furthest * 1.25]
  set xtics tick_step(furthest * 1.25, 4)
  unset ytics
  if (k == 1) { do for [g = 1:count] { set label 10 + g word(gazes, g) at graph -0.03, first g right textcolor rgb ink } }
  set label 2 word(tasks, k) at graph 0, screen 1 - 84 / height left textcolor rgb ink
  plot NaN notitle, \
    file using (0):(place(k)):(0):(column('seeing_percent')):(place(k) - 0.3):(place(k) + 0.3) \
      with boxxyerror lc rgb seeing_colour notitle, \
    file using (0):(place(k)):(column('seeing_percent')):(column('seeing_percent') + column('looking_percent')): \
      (place(k) - 0.3):(place(k) + 0.3) with boxxyerror lc rgb looking_colour notitle, \
    file using (column('error_percent') - half('error_half_width')):(place(k)):(2 * half('error_half_width')):(0) with vectors nohead lw 1.4 lc rgb ink notitle, \
    file using (column('error_percent') + half('error_half_width')):(place(k)):(is(k) ? sprintf('  %.2f', column('error_percent')) : '') \
      with labels left textcolor rgb ink notitle, \
    keyentry with boxes lc rgb seeing_colour title 'what it makes of what it sees', \
    keyentry with boxes lc rgb looking_colour title 'where it looks'
  unset label
  unset key
}
unset multiplot
