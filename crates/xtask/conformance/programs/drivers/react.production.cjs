process.env.NODE_ENV = "production";
require("../shared/react-page.cjs").run();
