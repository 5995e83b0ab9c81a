# size 640x380
# Validation error against examples seen, or against another axis: the column `against` times `each`.
# Reads curves.csv and mean_curves.csv: condition, seed, epoch, examples or what `against` names,
# validation_error_mean_percent.

load style
x(unused) = each * column(against)
y(unused) = column('validation_error_mean_percent')
x_name = axis
y_name = 'validation error (%)'
heading = 'learning curves'
is_logarithmic = 1
load scripts.'/curves.gp'
