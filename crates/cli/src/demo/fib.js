function fib(n) {
  if (n <= 1) {
    return 1;
  }

  return fib(n - 1) + fib(n - 2);
}

function main() {
  console.log("fib(4) =", fib(4));
}

main();
