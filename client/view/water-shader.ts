// The water, as a fragment shader. It looks up two textures: `uNoise` (tileable; three kinds of noise in R, G, B) and
// `uBasin` (distance to the nearest shore in R, current in G and B; see water.ts). Everything is in world pixels, so the
// sea does not swim when the camera moves.

export const WATER_FRAGMENT = `
precision highp float;

uniform sampler2D uNoise;
uniform sampler2D uBasin;
uniform float uTime;
uniform float uFine;
uniform vec4 uView;
uniform vec4 uBasinRect;
uniform vec2 uWorld;
varying vec2 outTexCoord;

vec3 noiseAt(vec2 p) { return texture2D(uNoise, p).rgb; }

// Turned, so that the axes of one layer do not line up with those of the next.
const mat2 TURN = mat2(0.80, 0.60, -0.60, 0.80);
const mat2 BACK = mat2(0.62, -0.785, 0.785, 0.62);

void main () {
  vec2 p = uView.xy + vec2(outTexCoord.x, 1.0 - outTexCoord.y) * uView.zw;
  vec2 b = (p - uBasinRect.xy) / uBasinRect.zw;
  vec3 basin = texture2D(uBasin, vec2(b.x, 1.0 - b.y)).rgb;
  float shore = basin.r * 256.0 - 64.0;
  vec2 flow = (basin.gb - 0.5) * 2.0;
  vec2 wall = min(p, uWorld - p);
  float quay = min(wall.x, wall.y);

  vec3 swell = noiseAt(p / 1900.0 + vec2(0.006, 0.004) * uTime);
  float banks = noiseAt(p / 3100.0 + 0.43).r;
  float near = min(shore, quay * 1.6 + 46.0) + (swell.r - 0.5) * 40.0;
  float depth = smoothstep(0.0, 178.0, near) * mix(0.52, 1.0, smoothstep(0.2, 0.6, banks));

  vec3 lagoon = vec3(0.46, 0.86, 0.80);
  vec3 middle = vec3(0.10, 0.56, 0.68);
  vec3 deep = vec3(0.035, 0.31, 0.50);
  vec3 colour = mix(mix(lagoon, middle, smoothstep(0.0, 0.42, depth)), deep, smoothstep(0.28, 1.0, depth));
  colour *= 0.90 + 0.22 * swell.g;

  // Two phases of noise carried by the current, cross-faded, so that nothing stretches for ever.
  float cycle = uTime * 0.16;
  float a = fract(cycle);
  float c = fract(cycle + 0.5);
  vec2 drift = flow * 110.0;
  vec3 first = noiseAt((p - drift * a) / 330.0);
  vec3 second = noiseAt((p - drift * c) / 330.0 + 0.37);
  vec3 carried = mix(first, second, abs(2.0 * a - 1.0));

  // Slopes of the small waves catch the light.
  vec2 e = vec2(0.011, 0.008);
  vec2 q = TURN * p / 250.0 + vec2(0.021, -0.013) * uTime + (carried.xy - 0.5) * 0.10;
  float height = noiseAt(q).g;
  float slope = height - noiseAt(q + e).g;
  colour += vec3(0.75, 0.95, 1.0) * slope * (0.26 + 0.20 * depth);

  // Caustics: bright threads where two ridged layers meet, strongest in the shallows.
  float ridge = carried.b * noiseAt(BACK * p / 270.0 - vec2(0.017, 0.022) * uTime).b;
  float threads = smoothstep(0.40, 0.86, ridge);
  colour += vec3(0.50, 0.72, 0.64) * threads * mix(0.42, 0.10, depth);

  // Streaks of foam that drift with the current.
  float streak = carried.r * noiseAt((p - drift * c) / 205.0 + 0.11).g;
  colour += vec3(0.9, 1.0, 1.0) * smoothstep(0.36, 0.56, streak) * 0.085 * min(1.0, length(flow) * 1.6) * depth;

  if (uFine > 0.5) {
    vec3 glitter = noiseAt(BACK * p / 118.0 + vec2(-0.045, 0.03) * uTime);
    float sparkle = glitter.g * height;
    colour += vec3(1.0, 0.98, 0.9) * smoothstep(0.55, 0.68, sparkle) * 0.4;
  }

  // Foam: a lace at the waterline, and rings that run in to the shore.
  float lace = noiseAt(TURN * p / 120.0 + vec2(0.01, 0.016) * uTime).b;
  float edge = shore + (carried.r - 0.5) * 13.0;
  float line = smoothstep(9.0, 1.5, edge) * (0.55 + 0.5 * lace);
  float wave = sin(edge * 0.185 + uTime * 1.15 + swell.b * 9.0);
  float rings = smoothstep(0.72, 1.0, wave) * smoothstep(54.0, 8.0, edge) * smoothstep(0.22, 0.58, lace + carried.g * 0.35);
  float wash = smoothstep(13.0, 0.0, quay - (carried.g - 0.35) * 20.0) * (0.20 + 0.5 * lace);
  float foam = clamp(line + rings * 0.62 + wash * 0.75, 0.0, 1.0);
  colour = mix(colour, vec3(0.96, 1.0, 0.98), foam * 0.86);

  gl_FragColor = vec4(colour, 1.0);
}
`;
