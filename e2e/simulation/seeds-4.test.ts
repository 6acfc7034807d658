import { describeSeeds } from "./seeds-for-tests.ts";

describeSeeds(451, 150);
