# size 860x400
# By how much of the recipe's error the test error rises when one choice is removed, one panel for each task.
# Reads gains.csv: task, label, recipe_percent, gain_percent, gain_half_width.

load style
file = data.'/gains.csv'

rise(unused) = 100 * column('gain_percent') / column('recipe_percent')
rise_half(unused) = 100 * half('gain_half_width') / column('recipe_percent')
tasks = ''
choices = ''
least = 0
most = 0
note(unused) = (tasks = with_name(tasks, strcol('task')), choices = with_name(choices, strcol('label')), \
  least = smaller(least, rise(0)), most = larger(most, rise(0)), 0)
stats file using (note(0), 0) nooutput
panels = words(tasks)
count = words(choices)

# MARK: - Layout, in pixels of the SVG

row_height = 24.0
left = 226.0
gap = 30.0
height = 92 + row_height * count + 62
panel = (width - left - 24 - gap * (panels - 1)) / panels
eval resize(int(width), int(height))

# One scale for all tasks; few seeds can give an interval that runs out of the frame.
span = larger(10, most - least)
set xrange [least - 0.25 * span:most + 0.25 * span]
set xtics tick_step(1.5 * span, 4)
set yrange [count + 0.6:0.4]
unset ytics
set border 1
set grid noytics xtics
set tmargin at screen 1 - 92 / height
set bmargin at screen 62 / height
unset key

is(k) = strcol('task') eq word(tasks, k)
place(k) = is(k) ? position(choices, strcol('label')) : NaN

set multiplot
set label 1 title at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
set label 3 'increase in test error without it (% of the error with it)' \
  at screen (left + (width - left - 24) / 2) / width, 18 / height center textcolor rgb ink
do for [k = 1:panels] {
  eval nth(k)
  if (k == 1) { do for [c = 1:count] { set label 10 + c word(choices, c) at graph -0.05, first c right textcolor rgb ink } }
  set label 2 shortened(word(tasks, k), int(panel / 6.6)) at graph 0, screen 1 - 76 / height left textcolor rgb ink
  set arrow 1 from 0, graph 0 to 0, graph 1 nohead lw 1.2 lc rgb '#8a8a8a' back
  plot file using (rise(0) - rise_half(0)):(place(k)):(2 * rise_half(0)):(0) with vectors nohead lw 1.6 lc rgb '#2a80bf' notitle, \
    file using (rise(0)):(place(k)) with points pt 7 ps mark lc rgb '#2a80bf' notitle
  unset label
}
unset multiplot
