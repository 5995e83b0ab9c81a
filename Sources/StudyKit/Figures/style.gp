# The look all figures share, and the few functions they have in common. Every script loads this first.

set datafile separator ','
set datafile columnheaders
set datafile missing NaN  # an empty cell was not measured: lines run on across it
set encoding utf8
set termoption noenhanced  # names may hold underscores

ink = '#222222'
soft = '#6b6b6b'
set border 3 lc rgb '#8a8a8a' lw 1
set tics nomirror out scale 0.4 textcolor rgb ink
set grid ytics back lt 1 lc rgb '#e4e4e4' lw 0.8
set key textcolor rgb ink

# Points of one size come out larger in SVG than in PNG.
mark = format eq 'svg' ? 0.7 : 1.0

# MARK: - What a figure may be told: the conditions to show, a part of the tables, and what learning curves run over

if (!exists('only')) only = ''
if (!exists('suffix')) suffix = ''
if (!exists('against')) against = 'examples'
wanted(name) = only eq '' || strstrt(only, '"'.name.'"') > 0
table(name) = data.'/'.name.suffix.'.csv'

# MARK: - Cells and word lists

# column(name) of an empty cell is NaN. strcol(name) is only for the first column and cells that are never empty:
# of an empty last cell gnuplot 5.4 gives what an earlier line left there.
measured(value) = value == value

# Word lists hold each name in quotation marks, in the order of the file.
with_name(list, name) = strstrt(list, '"'.name.'"') ? list : list.'"'.name.'" '
position(list, name) = sum [k = 1:words(list)] (word(list, k) eq name ? k : 0)

shortened(name, most) = strlen(name) > most ? substr(name, 1, most - 1).'…' : name
larger(a, b) = a > b ? a : b
smaller(a, b) = a < b ? a : b

# A round distance between ticks, about `pieces` of them up to `span`.
magnitude(x) = 10.0 ** floor(log10(x))
tick_step(span, pieces) = (x = span / pieces, m = magnitude(x), \
  x < 1.5 * m ? m : x < 3.2 * m ? 2 * m : x < 7.5 * m ? 5 * m : 10 * m)

# MARK: - One colour per condition, the same in every study

# Glimpses 1 to 8, light to dark; after them Okabe and Ito's colours for names that have no fixed one.
by_glimpses = '#a5d9b5 #74c7b0 #4bb3b8 #359dc4 #2a80bf #2461aa #23448d #1a2868'
by_turn = '#0072b2 #d55e00 #009e73 #cc79a7 #56b4e9 #a89400 #7a4b2a #333333'
others = ''

is_ram(name) = name[1:4] eq 'ram-' && strlen(name) == 5 && strstrt('12345678', name[5:5])
# One colour at every image size: "ram-6-100" is as "ram-6".
without_size(name) = strlen(name) > 5 && name[strlen(name) - 3:] eq '-100' ? name[1:strlen(name) - 4] : name
turn(name) = (others = with_name(others, name), position(others, name) - 1)
colour_of(name) = \
  strstrt(name, 'random') ? '#e69f00' : \
  is_ram(name) ? word(by_glimpses, int(name[5:5])) : \
  name eq 'fc-64' ? '#a8a8a8' : \
  name eq 'fc-256' ? '#666666' : \
  name eq 'conv' ? '#d55e00' : \
  name eq 'none' || name eq 'center' ? '#8a8a8a' : \
  name eq 'moving-average' ? '#cc79a7' : \
  name eq 'learned' || name eq 'reference' ? word(by_glimpses, 6) : \
  name eq 'mean-stopped' ? '#333333' : \
  name eq 'stopped early' ? '#cc79a7' : \
  name eq 'learned-4' ? '#56b4e9' : \
  name[1:13] eq 'leave-one-out' ? '#009e73' : \
  word(by_turn, turn(name) % 8 + 1)
colour(name) = colour_of(without_size(name))

# The ninth name without a colour of its own starts the colours again, dashed.
dashes(name) = strstrt(others, '"'.without_size(name).'"') && turn(without_size(name)) >= 8 ? 2 : 1

# MARK: - Axes

coarse_ticks = '(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)'
fine_ticks = '(0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 60, 80, 100)'
log_ticks(low, high) = high > 12 * low ? coarse_ticks : fine_ticks

# MARK: - Intervals

# Student's t, 97.5 %, for 1 to 9 degrees of freedom: 95 % intervals over 2 to 10 seeds.
t_quantiles = '12.706 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262'
t_quantile(seeds) = seeds > 10 ? 2.1 : word(t_quantiles, seeds - 1) + 0.0
