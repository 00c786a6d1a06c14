import { readPence, type Pence } from './money.js';

export interface Product {
  sku: string;
  title: string;
  author: string;
  description: string;
  price: Pence;
  cost: Pence;
  inStock: boolean;
  supplierCode: string;
}

// sku | title | author | price | cost | stock | supplier | description
const table = `
BK-1843 | Notes on the Engine | Ada Lovelace | 24.50 | 9.80 | yes | SUP-01 | Seven notes, A to G, with the table of operations.
BK-1844 | Notes on the Engine, Annotated | Ada Lovelace | 32.00 | 13.10 | yes | SUP-01 | The notes with a commentary on every page.
BK-1845 | Diagrams of Operations | Ada Lovelace | 18.75 | 7.20 | yes | SUP-01 | Fold-out diagrams, step by step.
BK-1846 | Letters on Number | Ada Lovelace | 21.00 | 8.60 | no | SUP-01 | A correspondence on method.
BK-1847 | A Flying Machine in Outline | Ada Lovelace | 16.40 | 6.10 | yes | SUP-01 | Sketches and proportions.
BK-1848 | Exercises in Analysis | Ada Lovelace | 27.30 | 11.00 | yes | SUP-01 | Two hundred exercises, with answers.
BK-1849 | On Weaving and Reckoning | Ada Lovelace | 19.95 | 7.90 | yes | SUP-02 | Patterns on the loom and in arithmetic.
BK-1850 | The Operation Cards | Ada Lovelace | 14.20 | 5.30 | yes | SUP-02 | How cards direct a machine.
BK-1851 | Series and Their Sums | Ada Lovelace | 23.60 | 9.40 | yes | SUP-02 | From the arithmetic to the recurrent.
BK-1852 | A Primer of Variables | Ada Lovelace | 12.50 | 4.90 | yes | SUP-02 | For readers new to algebra.
BK-1853 | Music by Calculation | Ada Lovelace | 29.80 | 12.40 | no | SUP-02 | Pitch and interval as numbers.
BK-1854 | Collected Notes and Tables | Ada Lovelace | 48.00 | 20.50 | yes | SUP-02 | Everything in one volume.
BK-1822 | A Letter on Machinery for Tables | Charles Babbage | 15.00 | 5.80 | yes | SUP-03 | The case for printing tables by machine.
BK-1827 | Tables of Logarithms | Charles Babbage | 22.80 | 9.10 | yes | SUP-03 | Natural numbers from 1 to 108000.
BK-1830 | Reflections on Science | Charles Babbage | 26.50 | 10.60 | yes | SUP-03 | On institutions and their accounts.
BK-1832 | On the Economy of Machinery | Charles Babbage | 31.25 | 12.90 | yes | SUP-03 | Workshops, division of labour, cost.
BK-1834 | Mechanical Notation | Charles Babbage | 28.40 | 11.70 | yes | SUP-03 | Signs that describe any train of wheels.
BK-1837 | A Treatise in Nine Parts | Charles Babbage | 34.10 | 14.20 | no | SUP-03 | An argument from calculating engines.
BK-1838 | Signals for Lighthouses | Charles Babbage | 17.60 | 6.70 | yes | SUP-04 | Occulting lights and how to read them.
BK-1840 | Plan of the Great Engine | Charles Babbage | 45.00 | 19.00 | yes | SUP-04 | Twenty-eight plates.
BK-1841 | Ciphers and Their Keys | Charles Babbage | 20.30 | 8.10 | yes | SUP-04 | Methods for the patient reader.
BK-1856 | Observations on Carrying | Charles Babbage | 13.90 | 5.20 | yes | SUP-04 | Anticipating carriage explained.
BK-1859 | The Cost of Postage | Charles Babbage | 11.20 | 4.10 | yes | SUP-04 | Why one price for every distance.
BK-1864 | Passages from a Life | Charles Babbage | 36.70 | 15.30 | yes | SUP-04 | Chapters from a working life.
BK-1865 | Working Drawings | Charles Babbage | 52.00 | 22.40 | yes | SUP-04 | Reproductions at half size.
BK-1866 | A Catalogue of Gears | Charles Babbage | 18.10 | 7.00 | yes | SUP-04 | Two hundred profiles, drawn.
BK-2001 | A Handbook of Mental Arithmetic | Analytical Press | 9.90 | 3.60 | yes | SUP-05 | Daily practice for a year.
BK-2002 | Bernoulli Numbers, a Workbook | Analytical Press | 14.90 | 5.50 | yes | SUP-05 | Derive the first twenty by hand.
BK-2003 | Reading Old Tables | Analytical Press | 12.70 | 4.80 | yes | SUP-05 | Layout, errors, and errata.
BK-2004 | Punched Cards, a Field Guide | Analytical Press | 16.80 | 6.40 | yes | SUP-05 | Formats and how to tell them apart.
BK-2005 | The Difference Method | Analytical Press | 19.20 | 7.50 | yes | SUP-05 | Polynomials by addition alone.
BK-2006 | Brass: Care and Repair | Analytical Press | 11.60 | 4.20 | yes | SUP-05 | Cleaning, lacquer, replacement parts.
BK-2007 | A Short Course in Logic | Analytical Press | 21.40 | 8.70 | no | SUP-05 | Twelve lessons.
BK-2008 | Engines of Paper | Analytical Press | 17.90 | 6.90 | yes | SUP-05 | Models to cut out and assemble.
BK-2009 | Errors and How to Find Them | Analytical Press | 13.30 | 5.00 | yes | SUP-05 | Checks for any computation.
BK-2010 | The Compositor's Arithmetic | Analytical Press | 15.70 | 6.00 | yes | SUP-05 | Setting tables in type.
IN-1101 | Slide Rule, Pocket | Analytical Press | 40.00 | 17.20 | yes | SUP-06 | Boxwood, twelve centimetres.
IN-1102 | Slide Rule, Desk | Analytical Press | 64.00 | 28.00 | yes | SUP-06 | Mahogany, thirty centimetres.
IN-1103 | Slide Rule, Circular | Analytical Press | 58.50 | 25.10 | yes | SUP-06 | Brass on walnut.
IN-1104 | Abacus, Ten Rows | Analytical Press | 27.00 | 10.90 | yes | SUP-06 | Beech frame, coloured beads.
IN-1105 | Calculating Rods | Analytical Press | 33.40 | 13.80 | yes | SUP-06 | Ten rods in a fitted box.
IN-1106 | Proportional Dividers | Analytical Press | 46.20 | 19.60 | yes | SUP-06 | Steel points, graduated slide.
IN-1107 | Beam Compass | Analytical Press | 51.80 | 22.00 | no | SUP-06 | Radii up to sixty centimetres.
IN-1108 | Protractor, Brass | Analytical Press | 19.60 | 7.60 | yes | SUP-06 | Divided to half a degree.
IN-1109 | Parallel Rule | Analytical Press | 24.80 | 10.00 | yes | SUP-06 | Ebony with brass hinges.
IN-1110 | Set of Drawing Pens | Analytical Press | 38.90 | 16.30 | yes | SUP-07 | Four widths in a case.
IN-1111 | Planimeter | Analytical Press | 118.00 | 54.00 | yes | SUP-07 | Measures area from its outline.
IN-1112 | Pantograph | Analytical Press | 72.50 | 31.60 | yes | SUP-07 | Copies at five scales.
IN-1113 | Card Punch, Hand | Analytical Press | 84.00 | 37.10 | yes | SUP-07 | Punches one column at a time.
IN-1114 | Blank Cards, Box of 500 | Analytical Press | 12.00 | 3.90 | yes | SUP-07 | Stiff stock, corner cut.
IN-1115 | Card Tray | Analytical Press | 22.30 | 8.90 | yes | SUP-07 | Oak, holds one thousand.
IN-1116 | Demonstration Adder | Analytical Press | 96.40 | 43.00 | yes | SUP-07 | Six figure wheels with carry.
IN-1117 | Figure Wheel, Spare | Analytical Press | 8.60 | 2.90 | yes | SUP-07 | Fits the demonstration adder.
IN-1118 | Gear Set, Small | Analytical Press | 29.70 | 12.10 | yes | SUP-07 | Eighteen wheels, module one.
IN-1119 | Gear Set, Large | Analytical Press | 55.30 | 23.70 | no | SUP-07 | Thirty-six wheels, module two.
IN-1120 | Crank Handle, Walnut | Analytical Press | 17.10 | 6.50 | yes | SUP-08 | Universal fitting.
IN-1121 | Lubricating Oil, Fine | Analytical Press | 6.40 | 1.90 | yes | SUP-08 | For clocks and engines.
IN-1122 | Feeler Gauges | Analytical Press | 14.60 | 5.40 | yes | SUP-08 | Twenty blades.
IN-1123 | Micrometer | Analytical Press | 67.90 | 29.30 | yes | SUP-08 | Reads to a hundredth.
IN-1124 | Straightedge | Analytical Press | 23.20 | 9.30 | yes | SUP-08 | Hardened steel, fifty centimetres.
IN-1125 | Magnifier, Folding | Analytical Press | 15.40 | 5.90 | yes | SUP-08 | Ten times, glass.
IN-1126 | Desk Clock | Analytical Press | 89.50 | 40.20 | yes | SUP-08 | Strikes the hours.
IN-1127 | Sand Timer, Set of Three | Analytical Press | 18.90 | 7.30 | yes | SUP-08 | One, three and five minutes.
IN-1128 | Barometer | Analytical Press | 124.00 | 57.50 | yes | SUP-08 | Aneroid, brass case.
IN-1129 | Thermometer, Wall | Analytical Press | 21.70 | 8.50 | yes | SUP-08 | Two scales.
IN-1130 | Squared Paper, Ten Pads | Analytical Press | 10.80 | 3.70 | yes | SUP-08 | Five millimetre squares.
`;

function readProduct(row: string): Product {
  const [sku, title, author, price, cost, stock, supplierCode, description] = row.split(' | ');
  if (!sku || !title || !author || !price || !cost || !supplierCode || !description) {
    throw new Error(`a product row is incomplete: ${row}`);
  }
  return {
    sku,
    title,
    author,
    description,
    price: readPence(price),
    cost: readPence(cost),
    inStock: stock === 'yes',
    supplierCode,
  };
}

/** What the catalog sells, in the order it lists it. */
export const products: readonly Product[] = table.trim().split('\n').map(readProduct);

const bySku = new Map(products.map((product) => [product.sku, product]));

export function findProduct(sku: string): Product | undefined {
  return bySku.get(sku);
}
