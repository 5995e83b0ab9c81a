# size 640x272
# animated 45 changes
# A trained model looks at scenes, glimpse by glimpse: the path so far with the outlines of the patches, what the glimpse saw,
# and the class probabilities after it.
# Reads what paths.gp reads, and of scenes.csv and crops.csv: row, value; glimpses.csv: column, row; patches.csv: scene,
# glimpse, left, top, side; answers.csv: scene, glimpse, class, probability.

load style
load scripts.'/paths.gp'
answers = table('answers')

classes = 0
stats answers using (classes = larger(classes, int(column('class')) + 1), 0) nooutput

# MARK: - Layout, in pixels

cell = 190.0
top = height - 62
left(panel) = 14 + (cell + 14) * (panel - 1)
bars_left = left(3) + 26.0
heading(panel) = left(panel) / width

eval below(top, cell)
is_here(k, t) = column('scene') == k && column('glimpse') == t
is_class(k, t, is_right) = is_here(k, t) && (column('class') == label[k]) == is_right

# Two more pictures follow the last glimpse. Each has one more word, because equal pictures would be dropped.
rest = 2
answer(k, shown) = shown <= steps ? '' : sprintf('answer: %d', prediction[place(k, steps)]) \
  .(shown == steps + 1 ? '' : prediction[place(k, steps)] == label[k] ? ', right' : ', wrong')
do for [k = 1:count] {
  do for [shown = 1:steps + rest] {
    t = smaller(shown, steps)
    p = place(k, t)
    set multiplot
    set label 1 title.': '.whose at screen heading(1), 1 - 15 / height left font ',12' textcolor rgb ink
    set label 2 trained at screen heading(1), 1 - 33 / height left textcolor rgb soft
    set label 3 sprintf('test scene %d', k) at screen heading(1), screen (top + 9) / height left textcolor rgb ink
    set label 4 sprintf('glimpse %d of %d', t, steps) at screen heading(2), screen (top + 9) / height left textcolor rgb ink
    set label 5 'class probabilities' at screen bars_left / width, screen (top + 9) / height left textcolor rgb ink

    set label 6 answer(k, shown) at screen 1 - 14 / width, 1 - 15 / height right font ',12' textcolor rgb ink

    eval pictures
    set palette maxcolors 24
    eval beside(left(1), cell)
    set xrange [0:image_side]
    set yrange [image_side:0]
    plot scenes every ::first_of_image(k)::last_of_image(k) \
        using (column('column') + 0.5):(column('row') + 0.5):(column('value')) with image, \
      for [s = scales:1:-1] for [e = 1:4] patches using (is_patch(k, t, s) ? edge_left(e) : NaN): \
        (edge_top(e)):(edge_right(e)):(edge_down(e)) \
        with vectors nohead lw (s == 1 ? 2 : 1) lc rgb path_colour, \
      glimpses every ::(place(k, 1) - 1)::(p - 1) using (column('column')):(column('row')) \
        with linespoints pt 7 ps 0.5 lw 2 lc rgb place_colour
    do for [tag = 1:6] { unset label tag }

    eval beside(left(2), cell)
    set xrange [0:crop_side]
    set yrange [crop_side:0]
    plot crops every ::first_of_crop(p)::last_of_crop(p) \
      using (column('column') + 0.5):(column('row') + 0.5):(column('value')) with image

    set lmargin at screen bars_left / width
    set rmargin at screen (width - 14) / width
    set border 3 lc rgb '#8a8a8a' lw 1
    set xrange [-0.6:classes - 0.4]
    set yrange [0:1]
    set ytics 0.5 nomirror scale 0.4 textcolor rgb ink
    set xtics nomirror scale 0 () textcolor rgb ink
    do for [c = 0:classes - 1] { if (c != label[k]) { set xtics add (sprintf('%d', c) c) } }
    set object 1 rectangle center first label[k], graph -0.066 size first 0.96, graph 0.105 \
      fillcolor rgb ink fillstyle solid 1 noborder
    set label 7 sprintf('%d', label[k]) at first label[k], graph -0.066 center textcolor rgb 'white' front
    plot answers using (is_class(k, t, 0) ? column('class') : NaN):(column('probability')):(0.8) \
        with boxes fillstyle solid 1 noborder lc rgb '#b4b4b4', \
      answers using (is_class(k, t, 1) ? column('class') : NaN):(column('probability')):(0.8) \
        with boxes fillstyle solid 1 noborder lc rgb '#1b6e9e'
    unset object 1
    unset label 7
    unset multiplot
  }
}
