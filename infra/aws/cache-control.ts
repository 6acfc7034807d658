// What browsers and CloudFront are told of how long a file of the client may be kept: once by S3 with the file, once by CloudFront's own headers.

/** For files whose names carry a hash of their content, and for all others. */
export const CACHE_CONTROL = { assets: "public, max-age=31536000, immutable", pages: "no-cache" } as const;
