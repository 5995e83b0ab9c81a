# Finds the rows of each glimpse in the tables of one picture, and holds what its two figures share. Loaded after the style.

scenes = table('scenes')
glimpses = table('glimpses')
patches = table('patches')
crops = table('crops')
values = table('values')
answers = table('answers')

# Variables come as text.
do for [name in 'side cell steps answered classes valued label grid scales crop'] { eval name.' = '.name.' + 0' }

first_of_crop(t) = (t - 1) * crop * crop
last_of_crop(t) = t * crop * crop - 1
first_of_map(t) = (t - 1) * grid * grid
last_of_map(t) = t * grid * grid - 1
first_of_answers(t) = (t - 1) * classes
last_of_answers(t) = t * classes - 1

array predicted[steps]
array sure[steps]
stats glimpses using (t = int(column('glimpse')), predicted[t] = column('prediction'), sure[t] = column('probability'), 0) nooutput

# The middle of a pixel of scenes.csv.
middle(axis) = column(axis) + 0.5 * cell

is_patch(t, s) = column('glimpse') == t && column('scale') == s

# A value map has colours of its own, dark to bright in one hue, because the palette is used for pictures. Each map has a scale
# of its own, from its least value to its greatest but at least 0.05 wide; the two values are written beside it.
array least[steps]
array most[steps]
do for [t = 1:steps] {
  stats values every ::first_of_map(t)::last_of_map(t) using (column('probability')) nooutput
  least[t] = STATS_min
  most[t] = STATS_max
}
levels = 24
# The dark end: a map that is probable everywhere is bright, and one that is improbable everywhere is dark.
dark(t) = most[t] - least[t] >= 0.05 ? least[t] : larger(0, smaller(0.95, 0.5 * (least[t] + most[t]) - 0.025))
level(t, value) = floor((value - dark(t)) / larger(most[t] - least[t], 0.05) * (levels - 1) + 0.5) / (levels - 1.0)
blend(a, b, c, d, v) = v < 0.35 ? a + (b - a) * v / 0.35 : v < 0.7 ? b + (c - b) * (v - 0.35) / 0.35 : c + (d - c) * (v - 0.7) / 0.3
red(v) = blend(8, 27, 106, 255, v)
green(v) = blend(18, 79, 169, 255, v)
blue(v) = blend(43, 143, 216, 255, v)
ends(t) = sprintf('%.2f to %.2f', least[t], most[t])
