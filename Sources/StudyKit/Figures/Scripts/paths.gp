# Finds the rows of the first scenes and of each glimpse at them. In every table the rows of a scene stand together, and so
# do those of a glimpse. The figures of glimpse paths load this after the style.
# Reads scenes.csv: scene, column; glimpses.csv: scene, label, glimpse, prediction; crops.csv: scene, glimpse, column;
# patches.csv: scale.

scenes = table('scenes')
glimpses = table('glimpses')
crops = table('crops')
patches = table('patches')

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

scales = 0
stats patches using (scales = larger(scales, int(column('scale'))), 0) nooutput

# The four edges of a patch as vectors, which are clipped where the scene ends.
edge_left(e) = column('left') + (e == 2) * column('side')
edge_top(e) = column('top') + (e == 4) * column('side')
edge_right(e) = (e > 2) * column('side')
edge_down(e) = (e < 3) * column('side')
is_patch(k, glimpse, scale) = \
  column('scene') == scene[k] && column('glimpse') == glimpse && column('scale') == scale
