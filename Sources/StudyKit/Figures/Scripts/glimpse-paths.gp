# size 720x700
# The paper's figure 3: each scene with the path of the glimpses and the outlines of their finest patches, then what each
# glimpse saw and what the network would answer after it.
# Reads what paths.gp reads, and of scenes.csv and crops.csv: row, value; glimpses.csv: column, row; patches.csv: scene,
# glimpse, left, top, side.

load style
load scripts.'/paths.gp'

# MARK: - Layout, in pixels of the SVG

edge = 14.0
names = 24.0
caption = 20.0
head = 76.0
across = width - 2 * edge - names
room = height - head - edge
cell = smaller(smaller((across - 5 * steps) / (steps + 1), room / larger(1, count) - caption), 180)
gap = steps > 0 ? smaller((across - cell * (steps + 1)) / steps, 14) : 0
pitch = smaller(room / larger(1, count), cell + caption + 14)
height = head + pitch * larger(1, count) + 2
eval resize(int(width), int(height))

eval pictures

set multiplot
set label 1 title.': '.whose at screen 0.02, 1 - 18 / height left font ',15' textcolor rgb ink
set label 5 trained at screen 0.02, 1 - 38 / height left textcolor rgb soft
do for [k = 1:count] {
  y = height - head - pitch * (k - 1)
  eval below(y, cell)
  do for [t = 0:steps] {
    x = edge + names + (cell + gap) * t
    eval beside(x, cell)
    if (k == 1) {
      set label 2 t == 0 ? 'scene' : sprintf('%d', t) \
        at graph 0.5, screen (y + 11) / height center textcolor rgb soft
    }
    if (t == 0) {
      set label 3 sprintf('%d', label[k]) \
        at screen (edge + 6) / width, graph 0.5 center font ',18' textcolor rgb ink
      set xrange [0:image_side]
      set yrange [image_side:0]
      first = place(k, 1) - 1
      last = place(k, steps) - 1
      plot scenes every ::first_of_image(k)::last_of_image(k) \
          using (column('column') + 0.5):(column('row') + 0.5):(column('value')) with image, \
        for [g = 1:steps] for [e = 1:4] patches using (is_patch(k, g, 1) ? edge_left(e) : NaN):(edge_top(e)): \
          (edge_right(e)):(edge_down(e)) with vectors nohead lw 0.6 lc rgb path_colour, \
        glimpses every ::first::last using (column('column')):(column('row')) with lines lw 1.3 lc rgb place_colour, \
        glimpses every ::first::first using (column('column')):(column('row')) \
          with points pt 7 ps 0.7 * mark lc rgb place_colour, \
        glimpses every ::last::last using (column('column')):(column('row')) \
          with points pt 6 ps 0.8 * mark lw 1.3 lc rgb place_colour
    } else {
      p = place(k, t)
      is_right = prediction[p] == label[k]
      set label 4 sprintf(is_right ? '→ %d' : '→ %d ×', prediction[p]) \
        at graph 0.5, screen (y - cell - 10) / height center textcolor rgb is_right ? ink : '#b00020'
      set xrange [0:crop_side]
      set yrange [crop_side:0]
      plot crops every ::first_of_crop(p)::last_of_crop(p) \
        using (column('column') + 0.5):(column('row') + 0.5):(column('value')) with image
    }
    unset label
  }
}
unset multiplot
