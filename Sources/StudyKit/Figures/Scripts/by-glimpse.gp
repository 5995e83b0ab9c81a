# size 720x346
# How models stand after each glimpse: how often the finest patch is on the digit, and the error if they stopped there.
# Reads by_glimpse.csv: condition, glimpse, on_digit_percent, error_percent, and their half widths.

load style
file = table('by_glimpse')
count = words(names)

shown(k) = strcol('condition') eq word(names, k)
most = 1
least = 100
note(e) = measured(e) && e > 0 ? (least = smaller(least, e)) : 0
stats file using (position(names, strcol('condition')) > 0 \
  ? (most = larger(most, column('glimpse')), note(column('error_percent'))) : 0, 0) nooutput

glimpse(k) = shown(k) ? column('glimpse') + (k - (count + 1) / 2.0) * 0.06 : NaN

# Three long labels do not fit side by side.
longest = 0
do for [k = 1:count] { longest = larger(longest, strlen(word(labels, k))) }
rows = count > 4 && longest > 22 ? 3 : 2
more = 18 * (rows - 2)
height = 346.0 + more
eval resize(int(width), int(height))
left = 62.0
gap = 64.0
panel = (width - left - 20 - gap) / 2
set xrange [0.6:most + 0.4]
set xtics 1
set xlabel 'glimpse' textcolor rgb ink
set tmargin at screen 1 - (108 + more) / height
set bmargin at screen 60 / height
set key at screen 0.98, 1 - (58 + more / 2) / height right center Left reverse vertical maxrows rows samplen 1.4 width 1

set multiplot
set label 1 title.': glimpse by glimpse' at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
do for [p = 1:2] {
  eval nth(p)
  what = p == 1 ? 'on_digit_percent' : 'error_percent'
  bar = p == 1 ? 'on_digit_half_width' : 'error_half_width'
  set label 2 p == 1 ? 'finest patch on the digit (% of scenes)' : 'error if stopped (%)' \
    at graph 0, screen 1 - (92 + more) / height left textcolor rgb ink
  if (p == 1) { set yrange [0:100]; set ytics 20 } else {
    set logscale y
    set yrange [least / 1.4:100]
    eval 'set ytics '.log_ticks(least / 1.4, 100)
  }
  plot NaN notitle, \
    for [k = 1:count] file using (glimpse(k)):(column(what) - half(bar)):(0):(2 * half(bar)) \
      with vectors nohead lw 1.4 lc rgb word(colours, k) notitle, \
    for [k = 1:count] file using (glimpse(k)):(column(what)) with lines lw 2 lc rgb word(colours, k) notitle, \
    for [k = 1:count] file using (glimpse(k)):(column(what)) with points \
      pt mark_of(k) ps 0.9 * mark lw 1.4 lc rgb word(colours, k) notitle, \
    for [k = 1:p == 1 ? count : 0] keyentry with linespoints pt mark_of(k) ps 0.9 * mark lw 2 \
      lc rgb word(colours, k) title word(labels, k)
  unset label
  unset key
}
unset multiplot
