# size 640x380
# Balls caught against frames played. Dashed: the paper's best agent. Dotted: a player who does not look.
# Reads curves.csv and mean_curves.csv: condition, seed, epoch, examples (games), validation_caught_mean_percent.

load style
frames_per_game = 24
paper = 85  # section 4.2
blind = 100.0 / 12

x(unused) = frames_per_game * column('examples')
y(unused) = column('validation_caught_mean_percent')
x_name = 'frames played'
y_name = 'balls caught (%)'
heading = 'balls caught'
is_logarithmic = 0
set arrow from graph 0, first paper to graph 1, first paper nohead dt (6, 5) lw 1.4 lc rgb ink
set label 'paper, best agent' at graph 0.01, first paper + 4 left font ',11' textcolor rgb ink
set arrow from graph 0, first blind to graph 1, first blind nohead dt (2, 4) lw 1.4 lc rgb soft
set label 'not looking' at graph 0.99, first blind - 4 right font ',11' textcolor rgb soft
load scripts.'/curves.gp'
