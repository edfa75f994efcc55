function shippingCost(order) {
  const express = order.express ? 9 : 0;
  switch (order.country) {
    case "DE":
    case "FR":
      return 4 + express;
    case "US":
      return 12 + express;
  }
  return order.total > 100 || refuse(order);
}

const refuse = (order) => {
  throw new Error("we do not ship to " + order.country);
};

for (const country of ["DE", "FR", "DE"]) {
  console.log(country, shippingCost({ country, total: 20 }));
}
