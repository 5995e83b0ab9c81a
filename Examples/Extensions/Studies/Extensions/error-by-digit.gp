# size 720x360
# Test error of the left and of the right digit, one pair of bars for each condition.
# Reads digits.csv: condition, digit, error_percent, half_width_percent.

load style
file = data.'/digits.csv'
count = words(names)
places = 'left right'

most = 1
stats file using (most = larger(most, column('error_percent') + column('half_width_percent')), 0) nooutput

set label title.': each digit' at screen 0.02, 0.945 left font ',15' textcolor rgb ink
set tmargin at screen 0.84
set rmargin at screen 0.98
set key at screen 0.98, 0.945 right center Left reverse vertical maxrows 1 samplen 1.5
set ylabel 'test error (%)' textcolor rgb ink
set xrange [0.4:count + 0.6]
set yrange [0:most * 1.08]
set ytics tick_step(most, 5)
set xtics scale 0 ()
do for [k = 1:count] { set xtics add (word(names, k) k) }
set boxwidth 0.34

is(p) = strcol('digit') eq word(places, p)
place(p) = position(names, strcol('condition')) > 0 && is(p) \
  ? position(names, strcol('condition')) + 0.36 * (p - 1.5) : NaN
low(unused) = column('error_percent') - column('half_width_percent')
plot \
  for [p = 1:2] file using (place(p)):(column('error_percent')) \
    with boxes fillstyle solid (p == 1 ? 0.35 : 0.85) noborder lc rgb word(by_turn, 1) title word(places, p), \
  for [p = 1:2] file using (place(p)):(low(0)):(0):(2 * column('half_width_percent')) \
    with vectors nohead lw 1.4 lc rgb ink notitle
