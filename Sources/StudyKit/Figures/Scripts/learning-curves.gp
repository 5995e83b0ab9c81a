# size 640x380
# Validation error against examples seen, or another column.
# Reads curves.csv: condition, seed, epoch, examples or what `against` names, validation_error_mean_percent.

load style
x(unused) = column(against)
y(unused) = column('validation_error_mean_percent')
x_name = against eq 'examples' ? 'examples seen' : against
is_count = against eq 'examples'
y_name = 'validation error (%)'
heading = 'learning curves'
is_logarithmic = 1
load scripts.'/curves.gp'
