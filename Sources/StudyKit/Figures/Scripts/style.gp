# The look of all figures, and the few functions that they share. Every script loads this first.

set datafile separator ','
set datafile columnheaders
set datafile missing NaN  # an empty cell was not measured: lines continue across it
set encoding utf8
set termoption noenhanced  # names may hold underscores

ink = '#222222'
soft = '#6b6b6b'
set border 3 lc rgb '#8a8a8a' lw 1
set format '%g'  # the default leaves room for a sign, which moves numbers away from their ticks
set tics nomirror out scale 0.4 textcolor rgb ink
set grid ytics back lt 1 lc rgb '#e4e4e4' lw 0.8
set key textcolor rgb ink

# The same point size comes out larger in SVG than in PNG.
mark = format eq 'svg' ? 0.7 : 1.0

# MARK: - Variables of a figure: its conditions (names, labels, colours and marks), a part of the tables, what curves run over,
# the preset, and the seed of models that are shown

if (!exists('names')) { names = ''; labels = ''; colours = ''; marks = '' }
if (!exists('suffix')) suffix = ''
if (!exists('against')) { against = 'examples'; axis = 'examples seen'; each = '1' }
table(name) = data.'/'.name.suffix.'.csv'

# The model of a figure that shows one, and how it was trained.
whose = (words(labels) == 1 ? word(labels, 1) : '')
trained = exists('preset') ? 'preset '.preset.', seed '.shown_seed : ''

# MARK: - Cells and word lists

# column(name) of an empty cell is NaN. strcol(name) is only for the first column and cells that are never empty: for an
# empty last cell, gnuplot 5.4 gives the text of an earlier line.
measured(value) = value == value

# Word lists hold each name in quotation marks.
with_name(list, name) = strstrt(list, '"'.name.'"') ? list : list.'"'.name.'" '
position(list, name) = sum [k = 1:words(list)] (word(list, k) eq name ? k : 0)
# What a reader calls a condition.
labelled(name) = position(names, name) > 0 ? word(labels, position(names, name)) : name

shortened(name, most) = strlen(name) > most ? substr(name, 1, most - 1).'…' : name
larger(a, b) = a > b ? a : b
smaller(a, b) = a < b ? a : b

# A round distance between ticks, about `pieces` of them up to `span`.
magnitude(x) = 10.0 ** floor(log10(x))
tick_step(span, pieces) = (x = span / pieces, m = magnitude(x), \
  x < 1.5 * m ? m : x < 3.2 * m ? 2 * m : x < 7.5 * m ? 5 * m : 10 * m)

# MARK: - One colour and one mark for each condition, the same in the figures of a study that show conditions; other series take them in turn

by_turn = '#2a80bf #d55e00 #009e73 #cc79a7 #56b4e9 #a89400 #7a4b2a #333333'
others = ''
turn(name) = (others = with_name(others, name), position(others, name) - 1)
colour(name) = position(names, name) > 0 ? word(colours, position(names, name)) : word(by_turn, turn(name) % 8 + 1)

mark_of(k) = word(marks, k) + 0
marks_by_turn = '7 5 9 11 6 4 8 10 2 3'
mark_named(name) = position(names, name) > 0 ? mark_of(position(names, name)) : \
  word(marks_by_turn, turn(name) % 10 + 1) + 0

# MARK: - Where a plot stands, in pixels of the SVG: `eval beside(x, w)` sets its sides, `eval below(y, h)` its top and bottom

beside(x, w) = sprintf('set lmargin at screen %.17g; set rmargin at screen %.17g', x / width, (x + w) / width)
below(y, h) = sprintf('set tmargin at screen %.17g; set bmargin at screen %.17g', y / height, (y - h) / height)
# `eval nth(k)`: the sides of panel k of several, `panel` wide and `gap` apart, the first at `left`.
nth(k) = beside(left + (panel + gap) * (k - 1), panel)

# Half the length of an interval in a column; one that was not measured has no length.
half(name) = measured(column(name)) ? column(name) : 0

# The four edges of a patch of a row of patches.csv, as vectors, which are clipped where the picture ends.
edge_left(e) = column('left') + (e == 2) * column('side')
edge_top(e) = column('top') + (e == 4) * column('side')
edge_right(e) = (e > 2) * column('side')
edge_down(e) = (e < 3) * column('side')
path_colour = '#22dd55'
place_colour = '#ffd23f'

# `eval pictures` before plotting grey images: a frame, and neither axes nor keys.
pictures = "unset key; unset colorbox; unset grid; unset tics; set border 15 lc rgb '#b0b0b0' lw 0.6; \
  set palette defined (0 '#000000', 1 '#ffffff'); set cbrange [0:1]"

# Dark to bright, in steps that look equal.
viridis = "set palette defined (0 '#440154', 1 '#482878', 2 '#3e4989', 3 '#31688e', 4 '#26828e', \
  5 '#1f9e89', 6 '#35b779', 7 '#6ece58', 8 '#b5de2b', 9 '#fde725')"

# MARK: - Axes

coarse_ticks = '(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)'
fine_ticks = '(0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 60, 80, 100)'
log_ticks(low, high) = high > 12 * low ? coarse_ticks : fine_ticks
