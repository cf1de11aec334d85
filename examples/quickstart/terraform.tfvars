# Change both before you spend money: see variables.tf.
namespace = "https://rewards.example.com/quickstart"
campaign  = "autumn-raffle"
