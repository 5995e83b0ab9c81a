# Where the rows of a scene and of a glimpse at it are: every table has scene after scene, and each scene all its glimpses. The
# figures of glimpse paths load this after the style.
# Reads scenes.csv: column; glimpses.csv: scene, label, glimpse, prediction; crops.csv: column; patches.csv: scale.

scenes = table('scenes')
glimpses = table('glimpses')
crops = table('crops')
patches = table('patches')

count = 0
steps = 0
image_side = 0
crop_side = 0
scales = 0
stats glimpses using (count = larger(count, int(column('scene'))), steps = larger(steps, int(column('glimpse'))), 0) nooutput
stats scenes using (image_side = larger(image_side, int(column('column')) + 1), 0) nooutput
stats crops using (crop_side = larger(crop_side, int(column('column')) + 1), 0) nooutput
stats patches using (scales = larger(scales, int(column('scale'))), 0) nooutput

place(k, glimpse) = (k - 1) * steps + glimpse
array label[count]
array prediction[count * steps]
stats glimpses using (k = int(column('scene')), label[k] = column('label'), \
  prediction[place(k, int(column('glimpse')))] = column('prediction'), 0) nooutput

first_of_image(k) = (k - 1) * image_side ** 2
last_of_image(k) = k * image_side ** 2 - 1
first_of_crop(p) = (p - 1) * crop_side ** 2
last_of_crop(p) = p * crop_side ** 2 - 1

is_patch(k, glimpse, scale) = column('scene') == k && column('glimpse') == glimpse && column('scale') == scale
