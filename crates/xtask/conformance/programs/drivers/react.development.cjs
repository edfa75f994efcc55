process.env.NODE_ENV = "development";
require("../shared/react-page.cjs").run();
