/**
 * Writes src/features/network/world.gen.ts, the countries of the network's map, from Natural Earth's public domain
 * shapes: deno run --no-lock --node-modules-dir=none -A scripts/world.mjs
 */
import { writeFileSync } from "node:fs";
import iso from "npm:i18n-iso-countries@7.14.0";
import { feature } from "npm:topojson-client@3.1.0";
import fine from "npm:world-atlas@2.0.2/countries-50m.json" with { type: "json" };
import coarse from "npm:world-atlas@2.0.2/countries-110m.json" with { type: "json" };

const WIDTH = 2000;
const NORTH = 83.7;
const SOUTH = -56;
/** The map is cut through the Bering Strait, where it cuts no country. */
const CENTRE = 11;
/** A country that is smaller than this on the map is also drawn as a dot. */
const TINY = 11;
const LEFT_OUT = new Set(["AQ"]);
/** The shapes of the first are without a number of their own. The second are part of France's, or on no map of these. */
const NAMED = { "N. Cyprus": "CY", Somaliland: "SO", Kosovo: "XK" };
const PLACED = {
  BQ: [-68.3, 12.2],
  CC: [96.8, -12.2],
  CX: [105.7, -10.5],
  FK: [-59, -51.7],
  GF: [-53.1, 3.9],
  GI: [-5.35, 36.14],
  GP: [-61.55, 16.2],
  MQ: [-61, 14.65],
  RE: [55.5, -21.1],
  SJ: [16, 78.6],
  TK: [-171.8, -9.2],
  TV: [179.2, -8.5],
  YT: [45.15, -12.8],
};

/** Equal Earth: areas are true. Units of the sphere's radius. */
function projected([longitude, latitude]) {
  const m = Math.sqrt(3) / 2;
  const [a1, a2, a3, a4] = [1.340264, -0.081106, 0.000893, 0.003796];
  const theta = Math.asin(m * Math.sin((latitude * Math.PI) / 180));
  const two = theta * theta;
  const six = two * two * two;
  const x =
    (((longitude * Math.PI) / 180) * Math.cos(theta)) / (m * (a1 + 3 * a2 * two + six * (7 * a3 + 9 * a4 * two)));
  return [x, theta * (a1 + a2 * two + six * (a3 + a4 * two))];
}

/** Without a jump at the date line, and east of the cut. */
function unbroken(ring) {
  let last = ring[0][0];
  const whole = ring.map(([longitude, latitude]) => {
    last = longitude + 360 * Math.round((last - longitude) / 360);
    return [last, latitude];
  });
  const mean = whole.reduce((sum, [longitude]) => sum + longitude, 0) / whole.length;
  const turn = 360 * Math.round((CENTRE - mean) / 360);
  return whole.map(([longitude, latitude]) => [longitude + turn - CENTRE, latitude]);
}

const [right] = projected([180, 0]);
const scale = WIDTH / (2 * right);
const top = projected([0, NORTH])[1];
const height = Math.round((top - projected([0, SOUTH])[1]) * scale);
const onMap = (place) => {
  const [x, y] = projected(place);
  return [Math.round((x + right) * scale), Math.round((top - y) * scale)];
};

const codeOf = ({ id, properties }) => NAMED[properties.name] ?? (id && iso.numericToAlpha2(id));
const ringsOf = ({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates).flat().map(unbroken);

function drawn(ring) {
  const points = ring.map(onMap).filter((one, at, all) => at === 0 || `${one}` !== `${all[at - 1]}`);
  if (points.length < 4) return "";
  const [first, ...rest] = points.slice(0, -1);
  let last = first;
  const steps = rest.map((point) => {
    const step = [point[0] - last[0], point[1] - last[1]];
    last = point;
    return step[1] < 0 ? `${step[0]}${step[1]}` : `${step[0]} ${step[1]}`;
  });
  const path = steps.reduce((text, step) => (step[0] === "-" ? text + step : `${text} ${step}`));
  return `M${first[0]} ${first[1]}l${path}z`;
}

/** Where a country is pointed at: the middle of its largest part. */
function middle(rings) {
  const sized = rings.map((ring) => ring.map(onMap)).map((points) => ({ points, ...centroid(points) }));
  return sized.sort((a, b) => b.area - a.area)[0];
}

function centroid(points) {
  let [twice, x, y] = [0, 0, 0];
  for (let at = 1; at < points.length; at++) {
    const cross = points[at - 1][0] * points[at][1] - points[at][0] * points[at - 1][1];
    twice += cross;
    x += (points[at - 1][0] + points[at][0]) * cross;
    y += (points[at - 1][1] + points[at][1]) * cross;
  }
  const at = twice === 0 ? points[0] : [Math.round(x / (3 * twice)), Math.round(y / (3 * twice))];
  return { area: Math.abs(twice) / 2, at };
}

const shapes = {};
const middles = {};
const tiny = [];
for (const country of feature(coarse, coarse.objects.countries).features) {
  const code = codeOf(country);
  if (!code || LEFT_OUT.has(code)) continue;
  const rings = ringsOf(country.geometry);
  shapes[code] = (shapes[code] ?? "") + rings.map(drawn).join("");
  const { at, area } = middle(rings);
  middles[code] ??= at;
  if (Math.sqrt(area) < TINY && !NAMED[country.properties.name]) tiny.push(code);
}
for (const country of feature(fine, fine.objects.countries).features) {
  const code = codeOf(country);
  if (!code || LEFT_OUT.has(code) || middles[code]) continue;
  middles[code] = middle(ringsOf(country.geometry)).at;
  tiny.push(code);
}
for (const [code, place] of Object.entries(PLACED)) {
  if (!middles[code]) tiny.push(code);
  middles[code] ??= onMap(unbroken([place])[0]);
}

const ordered = (entries) => Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
const text = `// Written by scripts/world.mjs from Natural Earth (public domain), in the Equal Earth projection. Do not edit.

export const WIDTH = ${WIDTH};
export const HEIGHT = ${height};
/** Outlines by ISO 3166 code. */
export const SHAPES: Readonly<Record<string, string>> = ${JSON.stringify(ordered(shapes), null, 1)};
/** Where each country is, those without an outline included: x, y. */
export const MIDDLES: Readonly<Record<string, readonly [number, number]>> = ${JSON.stringify(ordered(middles))};
/** Too small to be seen without a dot. */
export const TINY: ReadonlySet<string> = new Set(${JSON.stringify(tiny.sort())});
`;
writeFileSync(new URL("../src/features/network/world.gen.ts", import.meta.url), text);
