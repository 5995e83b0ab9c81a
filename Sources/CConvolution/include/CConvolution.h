// Convolutions of one-channel images with eight filters, for which oneDNN would use only half of each register.
#pragma once

/// y = Rect(x * W + b) of two images.
///
/// - pixels: [side, side, 2], the two images interleaved.
/// - corners: for each of `places` places, the index of the first pixel under the filter.
/// - weights: [f, f, 8, 2] and bias [8, 2], every number twice.
/// - first, second: [places, filters] of the two images; `columns` numbers of every place are written, at most eight.
void convolve(
    const float *pixels, long side, const int *corners, long places, const float *weights, const float *bias, long f,
    float *first, float *second, long filters, long columns);

/// dW += pixels times dz at `count` places from `first` on, one place after the other, image by image.
///
/// - images: [images, side, side], followed by 16 numbers that may be read.
/// - corners: for each of an image's `places` places, the index of the first pixel under the filter.
/// - dz: [images, places, filters], of which eight are read.
/// - sums: dW as [f, pairs of columns, 8, 2], rows and pairs rounded up to multiples of five.
void convolution_gradient(
    const float *images, long side, const int *corners, long places, long first, long count, const float *dz,
    long filters, long f, float *sums);
