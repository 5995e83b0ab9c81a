# size 720x360
# Regret by glimpse, of the places that the policy chose and of random ones, one panel for each condition.
# Reads regret.csv: condition, glimpse, chosen_regret, chosen_regret_half_width, random_regret, random_regret_half_width.

load style
file = data.'/regret.csv'

shown = ''
last = 2
most = 0
note(unused) = (shown = with_name(shown, strcol('condition')), last = larger(last, column('glimpse')), \
  most = larger(most, larger(column('chosen_regret'), column('random_regret'))), 0)
stats file using (note(0), 0) nooutput
panels = words(shown)
most = larger(most, 0.01)

chosen_colour = '#2a80bf'
random_colour = '#7a7a7a'

# MARK: - Layout, in pixels of the SVG

left = 86.0
gap = 40.0
panel = (width - left - 16 - gap * (panels - 1)) / panels

# The first glimpse is always at the frame's centre, so it is left out.
glimpse(k, aside) = strcol('condition') eq word(shown, k) && column('glimpse') > 1 ? column('glimpse') + aside : NaN

set xrange [1.6:last + 0.4]
set xtics 1
set yrange [0:most * 1.15]
set ytics tick_step(most, 5)
set xlabel 'glimpse' textcolor rgb ink
set tmargin at screen 1 - 96 / height
set bmargin at screen 62 / height
set key at screen 1 - 14 / width, 1 - 50 / height right center Left reverse vertical maxrows 1 samplen 1.5 width 1

set multiplot
set label 1 title.': regret by glimpse' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
set label 3 'regret (best value - own value)' at screen 18 / width, screen 158 / height center rotate textcolor rgb ink
do for [k = 1:panels] {
  eval nth(k)
  name = word(labels, position(names, word(shown, k)))
  set label 2 name at graph 0, screen 1 - 84 / height left textcolor rgb ink
  plot NaN notitle, \
    file using (glimpse(k, -0.03)):(column('chosen_regret') - half('chosen_regret_half_width')):(0):(2 * half('chosen_regret_half_width')) \
      with vectors nohead lw 1.3 lc rgb chosen_colour notitle, \
    file using (glimpse(k, 0.03)):(column('random_regret') - half('random_regret_half_width')):(0):(2 * half('random_regret_half_width')) \
      with vectors nohead lw 1.3 lc rgb random_colour notitle, \
    file using (glimpse(k, -0.03)):(column('chosen_regret')) with linespoints lw 1.8 pt 7 ps 0.7 * mark \
      lc rgb chosen_colour notitle, \
    file using (glimpse(k, 0.03)):(column('random_regret')) with linespoints lw 1.8 pt 5 ps 0.7 * mark \
      lc rgb random_colour notitle, \
    keyentry with linespoints lw 2 pt 7 ps 0.7 * mark lc rgb chosen_colour title 'chosen places', \
    keyentry with linespoints lw 2 pt 5 ps 0.7 * mark lc rgb random_colour title 'random places'
  unset label
  unset key
}
unset multiplot
