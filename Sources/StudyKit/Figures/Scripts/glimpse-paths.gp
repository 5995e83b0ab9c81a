# size 720x700
# The paper's figure 3: the path of the glimpses over each scene, then what the network saw at each of them.
# Reads scenes.csv: scene, row, column, value; glimpses.csv: scene, label, glimpse, column, row, prediction;
# crops.csv: scene, glimpse, row, column, value. The rows of a scene, and of a glimpse in it, stand together.

load style
scenes = table('scenes')
glimpses = table('glimpses')
crops = table('crops')

# MARK: - Where each scene and each glimpse stands in the files

most_scenes = 6
most_glimpses = 8
array scene[most_scenes]
array label[most_scenes]
array path_first[most_scenes]
array path_last[most_scenes]
array image_first[most_scenes]
array image_last[most_scenes]
array prediction[most_scenes * most_glimpses]
array crop_first[most_scenes * most_glimpses]
array crop_last[most_scenes * most_glimpses]
do for [k = 1:most_scenes] { image_last[k] = -1 }
do for [k = 1:most_scenes * most_glimpses] { prediction[k] = -1; crop_last[k] = -1 }

count = 0
steps = 0
row_of(number) = sum [k = 1:count] (scene[k] == number ? k : 0)
place(k, glimpse) = (k - 1) * most_glimpses + glimpse
open_scene(number) = row_of(number) == 0 && count < most_scenes \
  ? (count = count + 1, scene[count] = number, label[count] = column('label'), path_first[count] = column(0)) : 0
end_path(k, glimpse) = k > 0 && glimpse <= most_glimpses ? (path_last[k] = column(0), \
  prediction[place(k, glimpse)] = column('prediction'), steps = larger(steps, glimpse)) : 0
stats glimpses using \
  (open_scene(column('scene')), end_path(row_of(column('scene')), int(column('glimpse'))), 0) nooutput

image_side = 0
extend_image(k) = k > 0 ? (image_last[k] < 0 ? image_first[k] = column(0) : 0, image_last[k] = column(0), \
  image_side = larger(image_side, column('column') + 1)) : 0
stats scenes using (extend_image(row_of(column('scene'))), 0) nooutput

crop_side = 0
extend_crop(k) = (crop_last[k] < 0 ? crop_first[k] = column(0) : 0, crop_last[k] = column(0), \
  crop_side = larger(crop_side, column('column') + 1))
stats crops using (k = row_of(column('scene')), g = int(column('glimpse')), \
  k > 0 && g <= most_glimpses ? extend_crop(place(k, g)) : 0, 0) nooutput

# MARK: - Layout, in pixels of the SVG

width = 720.0
height = 700.0
edge = 14.0
names = 24.0
caption = 20.0
head = 64.0
across = width - 2 * edge - names
room = height - head - edge
cell = smaller(smaller((across - 5 * steps) / (steps + 1), room / larger(1, count) - caption), 180)
gap = steps > 0 ? smaller((across - cell * (steps + 1)) / steps, 14) : 0
pitch = smaller(room / larger(1, count), cell + caption + 14)
height = head + pitch * larger(1, count) + 2
eval resize(int(width), int(height))

unset key
unset colorbox
unset grid
unset tics
set border 15 lc rgb '#b0b0b0' lw 0.6
set palette defined (0 '#000000', 1 '#ffffff')
set cbrange [0:1]
green = '#22dd55'

set multiplot
set label 1 title.': glimpse paths'.(words(labels) == 1 ? ' of '.word(labels, 1) : '') at screen 0.02, 1 - 22 / height left font ',15' textcolor rgb ink
do for [k = 1:count] {
  y = height - head - pitch * (k - 1)
  set tmargin at screen y / height
  set bmargin at screen (y - cell) / height
  do for [t = 0:steps] {
    x = edge + names + (cell + gap) * t
    set lmargin at screen x / width
    set rmargin at screen (x + cell) / width
    if (k == 1) {
      set label 2 t == 0 ? 'input' : sprintf('%d', t) \
        at graph 0.5, screen (y + 11) / height center textcolor rgb soft
    }
    if (t == 0) {
      set label 3 sprintf('%d', label[k]) \
        at screen (edge + 6) / width, graph 0.5 center font ',18' textcolor rgb ink
      set xrange [0:image_side]
      set yrange [image_side:0]
      if (image_last[k] >= 0) {
        plot scenes every ::image_first[k]::image_last[k] \
            using (column('column') + 0.5):(column('row') + 0.5):(column('value')) with image, \
          glimpses every ::path_first[k]::path_last[k] using (column('column')):(column('row')) \
            with lines lw 1.3 lc rgb green, \
          glimpses every ::path_first[k]::path_first[k] using (column('column')):(column('row')) \
            with points pt 7 ps 0.7 * mark lc rgb green, \
          glimpses every ::path_last[k]::path_last[k] using (column('column')):(column('row')) \
            with points pt 6 ps 0.8 * mark lw 1.3 lc rgb green
      }
      unset label 1
      unset label 3
    } else {
      p = place(k, t)
      if (prediction[p] >= 0) {
        set label 4 sprintf('→ %d', prediction[p]) at graph 0.5, screen (y - cell - 9) / height center \
          font ',11' textcolor rgb prediction[p] == label[k] ? ink : '#b03020'
      }
      set xrange [0:crop_side]
      set yrange [crop_side:0]
      if (crop_last[p] >= 0) {
        plot crops every ::crop_first[p]::crop_last[p] \
          using (column('column') + 0.5):(column('row') + 0.5):(column('value')) with image
      }
      unset label 4
    }
    unset label 2
  }
}
unset multiplot
